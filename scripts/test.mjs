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

/** What hangs is a failure, and the rest is still run. */
const LIMIT_MS = 720_000

/** With a group of its own, whatever a command has started ends with it. */
const hasGroups = process.platform !== 'win32'
const running = new Set()

/** What runs beside tests in real time takes only what they leave of the machine. */
const gently = hasGroups ? 'nice -n 19 ' : ''

function end(child) {
  try {
    if (hasGroups) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // It has ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    running.forEach(end)
    process.exit(1)
  })
}

/** Runs a command line with its output shown (or handed to `hear`); gives its exit code. */
function run(command, hear) {
  return new Promise((resolve) => {
    const output = hear ? 'pipe' : 'inherit'
    const child = spawn(command, { shell: true, stdio: ['ignore', output, output], detached: hasGroups, env })
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const limit = setTimeout(() => {
      console.error(`${command} has not ended after ${LIMIT_MS / 1000} s: given up`)
      end(child)
    }, LIMIT_MS)
    const done = (code) => {
      clearTimeout(limit)
      running.delete(child)
      resolve(code ?? 1)
    }
    running.add(child)
    child.on('error', () => done(1))
    child.on('close', done)
  })
}

const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })

const check = (...commands) =>
  async function checked() {
    for (const command of commands) if ((await run(command)) !== 0) return one(false)
    return one(true)
  }

/**
 * A check that needs nothing but the files, told as a whole. Those that are chosen run side by side from the start, or
 * beside the step that is named: one that mostly waits.
 */
const still = (command, { beside = null } = {}) => {
  let checked
  const begin = () =>
    (checked ??= (async () => {
      const said = []
      const began = performance.now()
      const code = await run(command, (piece) => said.push(piece))
      return { code, said: Buffer.concat(said), seconds: (performance.now() - began) / 1000 }
    })())
  const tell = async () => {
    const { code, said, seconds } = await begin()
    process.stdout.write(said)
    return { ...one(code === 0), seconds }
  }
  return Object.assign(tell, { begin, beside })
}

/** Tells something and counts for nothing, unless it breaks. */
const information = (command) =>
  async function told() {
    return (await run(command)) === 0 ? { passed: 0, failed: 0 } : one(false)
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
    const chosen = projects.map((project) => `--project=${project}`).join(' ')
    const code = await run(
      `vitest run --reporter=default --reporter=json --outputFile.json=${file} ${chosen}`,
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

const PACKAGE = ['build.mjs', 'check-package.mjs', 'check-consumer.mjs']

/** Builds Storybook, where no step before has done it. */
function storybookFirst(step) {
  return async function withStorybook() {
    if (!steps.includes('storybook') && (await run('npm run build-storybook -- --quiet')) !== 0)
      return one(false)
    return step()
  }
}

const STEPS = {
  format: { title: 'Format', run: still('prettier --check .') },
  lint: { title: 'Lint', run: still('eslint .') },
  types: { title: 'Types', run: still('vue-tsc -p . --noEmit') },
  directions: { title: 'Import directions', run: still('depcruise src mocks server') },
  unit: { title: 'Unit tests', run: vitest('unit', 'unit', 'apart') },
  storybook: { title: 'Storybook is built', run: check('npm run build-storybook -- --quiet') },
  stories: {
    title: 'Stories: rendered, played and audited, light and dark',
    run: browserFirst(vitest('stories', 'stories-light', 'stories-dark')),
  },
  visual: {
    title: 'Pictures: every state in every mode, and every story, as they were',
    run: browserFirst(storybookFirst(vitest('visual', 'visual'))),
  },
  restart: { title: 'Real restarts', run: browserFirst(vitest('restart', 'restart', 'measured')) },
  sizes: { title: 'Sizes and their budgets', run: check('node scripts/sizes.mjs') },
  package: {
    title: 'Package, and a project that uses it',
    run: still(PACKAGE.map((script) => `${gently}node scripts/${script}`).join(' && '), {
      beside: 'restart',
    }),
  },
  spec: {
    title: 'Promised rows and their tests (for information)',
    run: information('node scripts/spec.mjs'),
  },
}

function chosenSteps(names) {
  const unknown = names.filter((name) => !(name in STEPS))
  if (unknown.length) {
    console.error(`No such step: ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
    process.exit(2)
  }
  return names.length ? names : Object.keys(STEPS)
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

const steps = chosenSteps(process.argv.slice(2))
const results = []
/** Begins what runs beside this step; null: beside all of them. */
const beginBeside = (step) => {
  for (const name of steps) if (STEPS[name].run.beside === step) STEPS[name].run.begin()
}

beginBeside(null)
for (const name of steps) {
  beginBeside(name)
  const { title, run: runStep } = STEPS[name]
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 90 - title.length))}`)
  const began = performance.now()
  const counted = await runStep()
  results.push({ title, seconds: (performance.now() - began) / 1000, ...counted })
}

const total = { passed: 0, failed: 0 }
console.log(`\n── Summary ${'─'.repeat(83)}`)
for (const { title, passed, failed, seconds } of results) {
  total.passed += passed
  total.failed += failed
  const counted = passed + failed ? `${passed} of ${passed + failed}, ` : ''
  console.log(`${failed ? '✗' : '✓'} ${title}: ${counted}${seconds.toFixed(1)} s`)
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
