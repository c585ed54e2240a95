/**
 * Runs the web-platform-tests of WebSocket in Chromium: against its own WebSocket, against ReconnectingWebSocket as
 * libraries are given it (one line for each object), and against the class as it is.
 *
 *     npm run verify:wpt -- <folder>                    a checkout of web-platform-tests/wpt, of which `websockets`,
 *                                                       `resources` and `common` are used
 *     npm run verify:wpt -- <folder> --only closing     only files with this in their names
 *
 * Says how many pass, and why the others do not; exits with 1 if it came to something else than `expected.ts` says.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { differencesFrom, EXPECTED, reasonFor } from './expected.ts'
import { listPages, whyNotRun } from './pages.ts'
import { type Kind, KINDS, launchForWpt, type Outcomes, runPages } from './run.ts'
import { serveWpt } from './site.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' } },
})
const [root = ''] = positionals
if (root === '' || !existsSync(join(root, 'resources/testharness.js'))) {
  console.error(
    `The folder is ${JSON.stringify(root)}; needed: a checkout of web-platform-tests/wpt (websockets, resources, common)`,
  )
  process.exit(1)
}

/** Says what does not pass, with the reason. */
function tell(kind: Kind, outcomes: Outcomes, native: Outcomes): void {
  for (const [name, outcome] of outcomes) {
    const isNatives = outcomes !== native && typeof native.get(name) === 'string'
    if (outcome === null || isNatives) continue
    console.log(`  ${name}: ${reasonFor(name, EXPECTED[kind]) ?? outcome}`)
  }
}

const { pages: all, notRun } = listPages(root)
const pages = all.filter(({ file }) => file.includes(values.only))
const site = await serveWpt(root)
const browser = await launchForWpt()
const differences: string[] = []
let native: Outcomes | undefined
for (const kind of KINDS) {
  const beganAt = Date.now()
  const outcomes = await runPages(browser, site, pages, kind)
  native ??= outcomes
  const passed = [...outcomes.values()].filter((outcome) => outcome === null).length
  const seconds = Math.round((Date.now() - beganAt) / 1000)
  console.log(`${kind}: ${passed} of ${outcomes.size} tests pass (${pages.length} pages, ${seconds} s)`)
  tell(kind, outcomes, native)
  const expected = EXPECTED[kind]
  const found = differencesFrom(expected, outcomes, native)
  // Of a part the number says nothing.
  if (!values.only && passed !== expected.passed) found.push(`${passed} pass; expected: ${expected.passed}`)
  differences.push(...found.map((difference) => `${kind}: ${difference}`))
}
await browser.close()
await site.stop()

for (const why of new Set(notRun.map(whyNotRun))) {
  console.log(`Not run: ${notRun.filter((file) => whyNotRun(file) === why).length} files: ${why}`)
}
for (const difference of differences) console.log(`✗ ${difference}`)
process.exitCode = differences.length > 0 ? 1 : 0
