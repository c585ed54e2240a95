/**
 * Plays the published Storybook in Chromium, Firefox and WebKit: built, served by a static server below a sub-path, each
 * story opened on its own. Says what ran in which engine, and what could not be had here.
 *
 *     npm run verify:engines
 *     npm run verify:engines -- --built --engines firefox,webkit --stories simulator
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { serveFolder } from '../tests/support/static-server.ts'
import { engines } from './engines.mjs'

const STATIC = 'storybook-static'
const BELOW = 'any/sub/path'
const LIMIT_MS = 90_000
const LOOK_MS = 50

const { values: options } = parseArgs({
  options: {
    /** Takes storybook-static as it is. */
    built: { type: 'boolean', default: false },
    engines: { type: 'string', default: engines.map(({ name }) => name).join() },
    /** Of the ids of stories: what they begin with. */
    stories: { type: 'string', default: 'what-people-see,simulator,reference-determinism' },
  },
})

/** What a story has come to, as its page knows; null: it goes on. */
const LOOK = `
  const channel = window.__STORYBOOK_ADDONS_CHANNEL__
  const finished = channel && channel.last('storyFinished')
  const threw = channel && (channel.last('playFunctionThrewException') || channel.last('storyThrewException'))
  const said = threw && threw[0] ? String(threw[0].message) : null
  if (!finished) return said ? { status: 'error', said } : null
  const { status, reporters } = finished[0]
  const failed = (reporters || []).filter((one) => one.status === 'failed').map((one) => one.type)
  return { status, said: said || failed.join(', ') || null }
`

async function playStory(engine, origin, id) {
  await engine.open(`${origin}/${BELOW}/iframe.html?id=${id}&viewMode=story`)
  for (const until = performance.now() + LIMIT_MS; performance.now() < until; await wait(LOOK_MS)) {
    const found = await engine.run(LOOK)
    if (found) return found.status === 'success' ? null : (found.said ?? 'it failed and did not say why')
  }
  return `it has not finished after ${LIMIT_MS / 1_000} s`
}

async function playAll({ name, start }, origin, ids) {
  let engine
  try {
    engine = await start()
  } catch (error) {
    console.log(`· ${name}: not run, ${error.message.split('\n')[0]}`)
    return { ran: 0, failed: 0 }
  }
  const began = performance.now()
  const failures = []
  try {
    for (const id of ids) {
      const why = await playStory(engine, origin, id).catch((error) => error.message)
      if (why) failures.push(`${id}: ${why.split('\n')[0].slice(0, 300)}`)
    }
  } finally {
    await engine.stop()
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(0)
  console.log(
    `${failures.length ? '✗' : '✓'} ${engine.version}: ${ids.length - failures.length} of ${ids.length} stories, ${seconds} s`,
  )
  for (const failure of failures) console.log(`    ${failure}`)
  return { ran: ids.length, failed: failures.length }
}

function storiesIn(folder) {
  const { entries } = JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8'))
  const begins = options.stories.split(',')
  return Object.values(entries)
    .filter(({ type, id }) => type === 'story' && begins.some((one) => id.startsWith(one)))
    .map(({ id }) => id)
}

if (!options.built || !existsSync(STATIC)) {
  const { status } = spawnSync('npm run build-storybook', { stdio: 'inherit', shell: true })
  if (status !== 0) throw new Error('Storybook cannot be built.')
}
const scratch = mkdtempSync(path.join(tmpdir(), 'holdfast-engines-'))
const folder = path.join(scratch, BELOW)
cpSync(STATIC, folder, { recursive: true })
const site = await serveFolder(scratch)
let failed = 0
try {
  const ids = storiesIn(folder)
  console.log(`${ids.length} stories below /${BELOW}/`)
  const asked = options.engines.split(',')
  for (const engine of engines.filter(({ name }) => asked.includes(name))) {
    failed += (await playAll(engine, site.origin, ids)).failed
  }
} finally {
  await site.stop()
  rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
