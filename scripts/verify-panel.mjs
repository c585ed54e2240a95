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

const BELOW = 'any/sub/path'
const SITE = '.cache/panel-site'
const PICTURES = '.cache/panel'
const STORY = 'order-desk-an-order-desk--live'
const PANEL = 'addonPanel=holdfast/simulator/panel'
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
  await page.locator('.hfs-timeline').waitFor({ timeout: LIMIT_MS })
  return page
}

const button = (page, name) => page.locator('.hfs').getByRole('button', { name, exact: true })
const time = async (page) => Number((await page.locator('.hfs-time').innerText()).split(' ')[0])
const bars = (page, lane) => page.locator(`.hfs [data-lane=${lane}] .hfs-mark`).allInnerTexts()

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

async function useKeys(page) {
  await button(page, 'From the beginning').focus()
  const names = []
  for (let presses = 0; presses < 7; presses++) {
    names.push(
      await page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent),
    )
    await page.keyboard.press('Tab')
  }
  const expected = [
    'From the beginning',
    'Play',
    'Step to the next event',
    'Speed',
    'Start over',
    'Copy link',
    'Time',
  ]
  check('Tab goes through the panel as it is read', names.join() === expected.join(), names.join(', '))
  const before = await time(page)
  await page.locator('.hfs-scrub').focus()
  await page.keyboard.press('PageDown')
  await page.waitForFunction(
    (was) => !document.querySelector('.hfs-time').innerText.startsWith(was),
    before.toFixed(3),
  )
  check(
    'Page Down goes back a second',
    Math.abs(before - 1 - (await time(page))) < 0.0005,
    `${await time(page)} s`,
  )
}

async function useLink(browser, page) {
  await button(page, 'Latency').click()
  await page.locator('.hfs-field').fill('orders')
  await page.waitForFunction(() => location.search.includes('filter_orders'))
  const seen = { time: await time(page), lines: await page.locator('.hfs-table tbody tr').allInnerTexts() }
  const copy = await open(browser, page.url(), 'light')
  await copy.waitForFunction(
    (shown) => document.querySelector('.hfs-time').innerText.startsWith(shown),
    seen.time.toFixed(3),
  )
  const lines = await copy.locator('.hfs-table tbody tr').allInnerTexts()
  check(
    'a link shows the same moment',
    lines.join() === seen.lines.join(),
    `${lines.length} lines at ${seen.time} s`,
  )
  check('with what was done by hand', (await bars(copy, 'network')).join().includes('latency'))
  await copy.close()
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
  const page = await open(browser, `${root}&globals=network:offline-60s;networkSpeed:10`, 'light')
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('.hfs-time').innerText) > 12)
  await button(page, 'Pause').click()
  await button(page, 'Play').waitFor()
  check('what happens is drawn', (await bars(page, 'device')).join() === 'offline')
  check('what becomes of the connection, too', (await bars(page, 'connection')).includes('waiting'))
  check('and what people are told', (await bars(page, 'phase')).includes('reconnecting'))
  await measureBack(page)
  await useKeys(page)
  await useLink(browser, page)
  await page.locator('.hfs-field').fill('')
  await auditAndPicture(page, 'light')
  const dark = await open(browser, page.url(), 'dark')
  await dark.waitForFunction(() => document.querySelectorAll('.hfs-table tbody tr').length > 3)
  await auditAndPicture(dark, 'dark')
} finally {
  await browser.close()
  await site.stop()
}
console.log(wrong === 0 ? 'All is right.' : `${wrong} wrong.`)
process.exit(wrong === 0 ? 0 : 1)
