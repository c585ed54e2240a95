/**
 * Finds a Chromium for the tests and says which: an environment variable, Playwright's own, the system's.
 * Failing that, `ensureBrowser` installs one; failing that it says in one line what to do.
 *
 *     node scripts/find-browser.mjs            prints the path
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const SYSTEM_PATHS = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
}

const DOWNLOAD_LIMIT_MS = 300_000

const isRoot = process.getuid?.() === 0

/** What keeps Chromium quiet and alike everywhere; as root it has no sandbox. */
export const BROWSER_FLAGS = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function canRun(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function systemBrowser(env) {
  const folders = (env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const onPath = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return [...onPath, ...(SYSTEM_PATHS[process.platform] ?? [])].find(canRun) ?? null
}

/** The first browser in that order as { path, from }; null: there is none. */
export function findBrowser(env = process.env) {
  if (env.HOLDFAST_BROWSER) {
    if (!canRun(env.HOLDFAST_BROWSER)) {
      throw new Error(`HOLDFAST_BROWSER is ${env.HOLDFAST_BROWSER}: there is nothing that can be run`)
    }
    return { path: env.HOLDFAST_BROWSER, from: 'HOLDFAST_BROWSER' }
  }
  const own = chromium.executablePath()
  if (own && canRun(own)) return { path: own, from: "Playwright's" }
  const system = systemBrowser(env)
  return system ? { path: system, from: "the system's" } : null
}

/** Debian's: the same Chromium without windows. Not its starter on the PATH, which would outlive a kill of its own. */
const SHELL = '/usr/lib/chromium/chromium-headless-shell'

/**
 * A browser for whatever needs no window: Chromium's headless shell starts with a seventh of the work. Its text is drawn
 * otherwise, and it locks no profile: pictures, and what kills it over a profile, take the browser. Where there is no
 * shell, or somebody has named a browser, it is that one.
 */
export function findShell(env = process.env) {
  if (env.HOLDFAST_SHELL) return { path: env.HOLDFAST_SHELL, from: 'HOLDFAST_SHELL' }
  if (!env.HOLDFAST_BROWSER && canRun(SHELL)) return { path: SHELL, from: "the system's, without windows" }
  return findBrowser(env)
}

function run(command, args) {
  console.log(`> ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: DOWNLOAD_LIMIT_MS,
  })
  return status === 0
}

function installFromPlaywright() {
  const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright-core/package.json')))
  return run(process.execPath, [cli, 'install', 'chromium'])
}

function installFromDebian() {
  if (!isRoot || !existsSync('/etc/debian_version')) return false
  return (
    run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium', 'chromium-headless-shell'])
  )
}

/** Playwright's download arrives without the libraries of the system: a browser that starts is one. */
function starts(file) {
  try {
    execFileSync(file, ['--version', ...BROWSER_FLAGS], { stdio: 'ignore', timeout: 30_000 })
    return true
  } catch {
    return false
  }
}

/** A browser that starts, installed if need be; rejects with one line that says what to do. */
export function ensureBrowser() {
  const found = findBrowser()
  if (found) return found
  for (const install of [installFromPlaywright, installFromDebian]) {
    install()
    const installed = findBrowser()
    if (installed && starts(installed.path)) return installed
  }
  throw new Error('No Chromium: install Chromium or Chrome, or set HOLDFAST_BROWSER to the path of one.')
}

/** The same for what needs no window. */
export function ensureShell() {
  const browser = ensureBrowser()
  return findShell() ?? browser
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path: file, from } = ensureBrowser()
  console.log(`${file} (${from})`)
}
