/**
 * The test command: every check, one after the other, each with its section; it goes on after a failure, so
 * that one run shows everything. Its last line is `N passed, N failed`; a static check counts as one.
 *
 *     npm test                 everything
 *     npm test -- lint unit    only these steps
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBrowser } from './find-browser.mjs'

const REPORTS = '.cache/test'
const bin = path.resolve('node_modules/.bin')
const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` }

/** Runs a command line with its output shown; gives its exit code. */
function run(...command) {
  return new Promise((resolve) => {
    const child = spawn(command.join(' '), { shell: true, stdio: ['ignore', 'inherit', 'inherit'], env })
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })

const check = (...commands) =>
  async function checked() {
    for (const command of commands) if ((await run(command)) !== 0) return one(false)
    return one(true)
  }

/** A file that could not be read at all has no tests to count: it is one failure. */
function countOf(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

const vitest = (name, ...projects) =>
  async function tested() {
    const file = `${REPORTS}/${name}.json`
    const code = await run(
      'vitest run --reporter=default --reporter=json',
      `--outputFile.json=${file}`,
      ...projects.map((project) => `--project=${project}`),
    )
    try {
      const counted = countOf(JSON.parse(readFileSync(file, 'utf8')))
      return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
    } catch {
      return one(false)
    }
  }

/** Finds or installs the browser, and hands it on to whatever is started from here. */
function browserFirst(step) {
  return async function withBrowser() {
    try {
      const { path: file, from } = ensureBrowser()
      console.log(`Browser: ${file} (${from})`)
      env.HOLDFAST_BROWSER = file
    } catch (error) {
      console.error(error.message)
      return one(false)
    }
    return step()
  }
}

const STEPS = {
  format: { title: 'Format', run: check('prettier --check .') },
  lint: { title: 'Lint', run: check('eslint .') },
  types: { title: 'Types', run: check('vue-tsc -p . --noEmit') },
  directions: { title: 'Import directions', run: check('depcruise src mocks server') },
  unit: { title: 'Unit tests', run: vitest('unit', 'unit') },
  stories: {
    title: 'Stories: rendered, played and audited, light and dark',
    run: browserFirst(vitest('stories', 'stories-light', 'stories-dark')),
  },
  restart: { title: 'Real restarts', run: browserFirst(vitest('restart', 'restart')) },
  package: { title: 'Package', run: check('node scripts/build.mjs', 'node scripts/check-package.mjs') },
  spec: {
    title: 'Promised rows and their tests (for information)',
    run: async () => ((await run('node scripts/spec.mjs')) === 0 ? { passed: 0, failed: 0 } : one(false)),
  },
}

function chosenSteps(names) {
  const unknown = names.filter((name) => !(name in STEPS))
  if (unknown.length)
    throw new Error(`No such step: ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
  return names.length ? names : Object.keys(STEPS)
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

const results = []
for (const name of chosenSteps(process.argv.slice(2))) {
  const { title, run: runStep } = STEPS[name]
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 90 - title.length))}`)
  const began = performance.now()
  const counted = await runStep()
  results.push({ title, ...counted, seconds: (performance.now() - began) / 1000 })
}

const total = { passed: 0, failed: 0 }
console.log(`\n── Summary ${'─'.repeat(83)}`)
for (const { title, passed, failed, seconds } of results) {
  total.passed += passed
  total.failed += failed
  console.log(`${failed ? '✗' : '✓'} ${title}: ${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s`)
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
