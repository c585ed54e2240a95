/**
 * Uses the panel Network in the built Storybook, served below a sub-path, in Chromium, as a person would: by keys, by
 * link, in both themes. Says what is right and how long going back takes; exits with 1 if anything is wrong.
 *
 *     npm run verify:panel              builds Storybook first
 *     npm run verify:panel -- --built   takes storybook-static as it is
 *
 * Pictures of the panel are left in .cache/panel/.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { serveFolder } from '../tests/support/static-server.ts'
import { BROWSER_FLAGS, ensureBrowser } from './find-browser.mjs'
import { PANEL, panelOf } from './panel-page.mjs'

const BELOW = 'any/sub/path'
const SITE = '.cache/panel-site'
const PICTURES = '.cache/panel'
const STORY = 'order-desk-an-order-desk--live'
const LIMIT_MS = 20_000
/** docs/spec/simulator.md: back in a scenario of a minute. */
const BACK_LIMIT_MS = 150
const BACKS = 12

const { values: options } = parseArgs({ options: { built: { type: 'boolean', default: false } } })

function build() {
  if (!options.built) {
    const { status } = spawnSync('npm run build-storybook', { stdio: 'inherit', shell: true })
    if (status !== 0) throw new Error('Storybook cannot be built')
  }
  rmSync(SITE, { recursive: true, force: true })
  mkdirSync(`${SITE}/${BELOW}`, { recursive: true })
  mkdirSync(PICTURES, { recursive: true })
  cpSync('storybook-static', `${SITE}/${BELOW}`, { recursive: true })
}

let wrong = 0
function check(what, isRight, detail = '') {
  if (!isRight) wrong += 1
  console.log(`${isRight ? '✓' : '✗'} ${what}${detail ? `: ${detail}` : ''}`)
}

/** A page with the panel open; what it could not load is wrong. */
async function open(browser, address, colorScheme) {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 900 } })
  page.on('pageerror', (error) => check('no error in the page', false, error.message))
  page.on('response', (answer) => {
    if (answer.status() >= 400) check('everything is there', false, answer.url())
  })
  await page.goto(address)
  const panel = panelOf(page)
  await panel.timeline.waitFor({ timeout: LIMIT_MS })
  return { page, panel }
}

/** How long it takes to go to a time, in the page: asked over the channel, until the story stands there (ms). */
const goTo = (page, toMs) =>
  page.evaluate(
    ([story, to]) =>
      new Promise((resolve) => {
        const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__
        const beganAt = performance.now()
        const hear = ({ state, nowMs }) => {
          if (state.name !== 'paused' || nowMs !== to) return
          channel.off('holdfast/simulator/told', hear)
          resolve(performance.now() - beganAt)
        }
        channel.on('holdfast/simulator/told', hear)
        channel.emit('holdfast/simulator/asked', { story, ask: { type: 'seek', toMs: to } })
      }),
    [STORY, toMs],
  )

async function measureBack(page) {
  const took = []
  // The toolbar, which says what is played, has Storybook render and audit the story anew: that is not measured.
  await goTo(page, 60_500)
  await page.waitForTimeout(2_000)
  for (let turn = 0; turn < BACKS; turn++) took.push(await goTo(page, 60_000 - turn))
  took.sort((one, other) => one - other)
  const median = took[Math.floor(took.length / 2)]
  const words = `median ${median.toFixed(0)} ms, ${took[0].toFixed(0)} to ${took.at(-1).toFixed(0)} ms of ${BACKS}`
  check(`back to 60 s of a scenario of 60 s in less than ${BACK_LIMIT_MS} ms`, median < BACK_LIMIT_MS, words)
}

const IN_ORDER = [
  ...['From the beginning', 'Play', 'Step to the next event', 'Speed', 'Start over', 'Copy link', 'Time'],
]

async function useKeys({ page, panel }) {
  await panel.button(IN_ORDER[0]).focus()
  const names = []
  for (let presses = 0; presses < IN_ORDER.length; presses++) {
    names.push(
      await page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent),
    )
    await page.keyboard.press('Tab')
  }
  check('Tab goes through the panel as it is read', names.join() === IN_ORDER.join(), names.join(', '))
  const before = await panel.time()
  await panel.scrubber.focus()
  await page.keyboard.press('PageDown')
  const isBack = await panel.standsAt(before - 1).catch(() => null)
  check('Page Down goes back a second', isBack !== null, `${before} s, then ${await panel.time()} s`)
}

async function useLink(browser, { page, panel }) {
  await panel.button('Latency').click()
  await panel.filter.fill('orders')
  await page.waitForFunction(() => location.search.includes('filter_orders'))
  const [seconds, lines] = [await panel.time(), await panel.lines()]
  const copy = await open(browser, page.url(), 'light')
  await copy.panel.standsAt(seconds)
  const shown = await copy.panel.lines()
  check(
    'a link shows the same moment',
    shown.join() === lines.join(),
    `${shown.length} lines at ${seconds} s`,
  )
  check('with what was done by hand', (await copy.panel.bars('network')).join().includes('latency'))
  await copy.page.close()
}

async function auditAndPicture(page, theme) {
  await page.addScriptTag({ content: readFileSync('node_modules/axe-core/axe.min.js', 'utf8') })
  const found = await page.evaluate(async () =>
    (await globalThis.axe.run('.hfs')).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id} ${target}`),
    ),
  )
  check(`axe finds nothing in the ${theme} theme`, found.length === 0, found.slice(0, 5).join('; '))
  await page.screenshot({ path: path.join(PICTURES, `${theme}.png`) })
}

build()
const site = await serveFolder(SITE)
const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: BROWSER_FLAGS })
try {
  const root = `${site.origin}/${BELOW}/index.html?path=/story/${STORY}&${PANEL}`
  const light = await open(browser, `${root}&globals=network:offline-60s;networkSpeed:10`, 'light')
  const { page, panel } = light
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('.hfs-time').innerText) > 12)
  await panel.button('Pause').click()
  await panel.button('Play').waitFor()
  check('what happens is drawn', (await panel.bars('device')).join() === 'offline')
  check('what becomes of the connection, too', (await panel.bars('connection')).includes('waiting'))
  check('and what people are told', (await panel.bars('phase')).includes('reconnecting'))
  await measureBack(page)
  await useKeys(light)
  await useLink(browser, light)
  await panel.filter.fill('')
  await auditAndPicture(page, 'light')
  const dark = await open(browser, page.url(), 'dark')
  await dark.page.waitForFunction(() => document.querySelectorAll('.hfs-table tbody tr').length > 3)
  await auditAndPicture(dark.page, 'dark')
} finally {
  await browser.close()
  await site.stop()
}
console.log(wrong === 0 ? 'All is right.' : `${wrong} wrong.`)
process.exit(wrong === 0 ? 0 : 1)
