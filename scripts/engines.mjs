/**
 * The three engines, each as { name, start() }: `start` gives { version, open(url), run(code), stop() }, or throws with
 * one line that says what is missing. `run` evaluates the body of a function in the page and gives what it returns, as
 * JSON.
 *
 * Chromium is driven by Playwright, Firefox by Puppeteer, WebKit (WebKitGTK's MiniBrowser) by its own WebDriver.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from './find-browser.mjs'

/** The first of these that can be run; in vain: an error that says how to get one. */
function find(candidates, missing) {
  for (const one of candidates) {
    if (one.includes('/')) {
      const [found] = globSync(one)
      if (found && existsSync(found)) return found
    } else {
      const { status, stdout } = spawnSync('sh', ['-c', `command -v ${one}`], { encoding: 'utf8' })
      if (status === 0) return stdout.trim()
    }
  }
  throw new Error(missing)
}

async function startChromium() {
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: BROWSER_FLAGS })
  const page = await browser.newPage()
  return {
    version: `Chromium ${browser.version()}`,
    open: (url) => page.goto(url),
    run: (code) => page.evaluate(`(() => { ${code} })()`),
    stop: () => browser.close(),
  }
}

async function startFirefox() {
  const executablePath = find(
    ['firefox', 'firefox-esr'],
    'there is no Firefox: on Debian, apt-get install firefox-esr',
  )
  const { default: puppeteer } = await import('puppeteer-core').catch(() => {
    throw new Error('it is driven by Puppeteer: npm install --no-save puppeteer-core@25.16.0')
  })
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true })
  const page = await browser.newPage()
  return {
    version: await browser.version(),
    open: (url) => page.goto(url),
    run: (code) => page.evaluate(`(() => { ${code} })()`),
    stop: () => browser.close(),
  }
}

const WEBDRIVER_PORT = 9517
const DISPLAY = ':97'

/** A display that nobody looks at: WebKitGTK has no headless mode. */
async function withDisplay() {
  if (process.env.DISPLAY) return { display: process.env.DISPLAY, stop() {} }
  const file = find(['Xvfb'], 'there is no display: on Debian, apt-get install xvfb')
  const child = spawn(file, [DISPLAY, '-screen', '0', '1280x800x24'], { stdio: 'ignore' })
  await wait(1_000)
  return { display: DISPLAY, stop: () => child.kill() }
}

async function startWebKit() {
  const driver = find(['WebKitWebDriver'], 'there is no WebKit: on Debian, apt-get install webkit2gtk-driver')
  const binary = find(
    ['/usr/lib/*/webkit2gtk-4.*/MiniBrowser', '/usr/libexec/webkit2gtk-4.*/MiniBrowser'],
    'there is no MiniBrowser: on Debian it comes with libwebkit2gtk',
  )
  const { display, stop: stopDisplay } = await withDisplay()
  const child = spawn(driver, [`--port=${WEBDRIVER_PORT}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  })
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${WEBDRIVER_PORT}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    const { value } = await answer.json()
    if (!answer.ok) throw new Error(`WebDriver: ${value.message || value.error}`)
    return value
  }
  const stop = () => {
    child.kill()
    stopDisplay()
  }
  try {
    for (let left = 50; ; left--) {
      await wait(100)
      const isReady = await ask('GET', '/status').then(
        ({ ready }) => ready,
        () => false,
      )
      if (isReady) break
      if (left === 0) throw new Error('WebKitWebDriver does not answer')
    }
    const browserOptions = { binary, args: ['--automation'] }
    const { sessionId, capabilities } = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } },
    })
    const session = `/session/${sessionId}`
    return {
      version: `WebKit (${capabilities.browserName} ${capabilities.browserVersion})`,
      open: (url) => ask('POST', `${session}/url`, { url }),
      run: (code) => ask('POST', `${session}/execute/sync`, { script: code, args: [] }),
      async stop() {
        await ask('DELETE', session).catch(() => {})
        stop()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** All that there are. */
export const engines = [
  { name: 'chromium', start: startChromium },
  { name: 'firefox', start: startFirefox },
  { name: 'webkit', start: startWebKit },
]
