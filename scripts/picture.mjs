/**
 * Makes a picture of a story, the README's by default: builds Storybook, opens the story in a headless
 * browser, waits until its play function is done, and takes it.
 *
 *     npm run picture
 *     npm run picture -- --story reference-connection-machine--diagram --theme dark --to /tmp/machine.png
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from './find-browser.mjs'

const STATIC = 'storybook-static'
const LIMIT_MS = 60_000

const { values: options } = parseArgs({
  options: {
    story: { type: 'string', default: 'order-desk-an-outage--reconnecting' },
    to: { type: 'string', default: 'docs/picture.png' },
    theme: { type: 'string', default: 'light' },
    width: { type: 'string', default: '1120' },
    height: { type: 'string', default: '700' },
    /** Takes storybook-static as it is. */
    built: { type: 'boolean', default: false },
  },
})

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** Serves the built Storybook on a free port of this machine. */
async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = path.join(STATIC, path.normalize(decodeURIComponent(pathname)))
    if (!existsSync(file) || !path.extname(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }
}

function checkStory() {
  const { entries } = JSON.parse(readFileSync(`${STATIC}/index.json`, 'utf8'))
  if (options.story in entries) return
  throw new Error(`There is no story ${options.story}; there are:\n  ${Object.keys(entries).join('\n  ')}`)
}

async function takePicture(origin) {
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: BROWSER_FLAGS })
  try {
    const page = await browser.newPage({
      viewport: { width: Number(options.width), height: Number(options.height) },
      deviceScaleFactor: 2,
      colorScheme: options.theme,
    })
    await page.goto(`${origin}/iframe.html?id=${options.story}&viewMode=story`)
    await page.waitForFunction(
      () => window.__STORYBOOK_ADDONS_CHANNEL__?.last('storyFinished') !== undefined,
      undefined,
      { timeout: LIMIT_MS },
    )
    await page.screenshot({ path: options.to, animations: 'disabled' })
  } finally {
    await browser.close()
  }
}

if (!options.built) {
  const { status } = spawnSync('npm run build-storybook', { stdio: 'inherit', shell: true })
  if (status !== 0) throw new Error('Storybook cannot be built.')
}
checkStory()
const { origin, stop } = await serve()
try {
  await takePicture(origin)
  console.log(options.to)
} finally {
  stop()
}
