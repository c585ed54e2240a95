/**
 * The test command: every check, each with its section; it goes on after a failure, so that one run shows everything.
 * Its last line is `N passed, N failed`; a static check counts as one.
 *
 *     npm test                 everything
 *     npm test -- lint unit    only these steps
 *
 * Tests in real time mostly wait. What needs no clock runs beside them, with what they leave of the machine.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBrowser, ensureShell } from './find-browser.mjs'
import { env, run } from './run-command.mjs'

const REPORTS = '.cache/test'

/** So many steps at once in the background. */
const BESIDE_AT_ONCE = 2

const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })

/** Steps are run with how their commands are to be run: see `run`. */
const check = (...commands) =>
  async function checked(how) {
    for (const command of commands) if ((await run(command, how)) !== 0) return one(false)
    return one(true)
  }

/** Tells something and counts for nothing, unless it breaks. */
const information = (command) =>
  async function told(how) {
    return (await run(command, how)) === 0 ? { passed: 0, failed: 0 } : one(false)
  }

/** A file that could not be read at all has no tests to count: it is one failure. */
function countOf(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

/** Files of tests that were run. */
const ran = new Set()

const vitest = (name, ...projects) =>
  async function tested(how) {
    const file = `${REPORTS}/${name}.json`
    const chosen = projects.map((project) => `--project=${project}`).join(' ')
    const code = await run(
      `vitest run --reporter=default --reporter=json --outputFile.json=${file} ${chosen}`,
      how,
    )
    try {
      const report = JSON.parse(readFileSync(file, 'utf8'))
      for (const tested of report.testResults) ran.add(path.resolve(tested.name))
      const counted = countOf(report)
      return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
    } catch {
      return one(false)
    }
  }

const AUDITS = ['a11y', 'other-theme']

/** Each story reports its audits, in light and in dark: one that was left out would fail nowhere. */
function auditedIn(name, step) {
  return async function audited(how) {
    const counted = await step(how)
    // What could not be run at all has been counted.
    if (counted.passed === 0) return counted
    const { testResults } = JSON.parse(readFileSync(`${REPORTS}/${name}.json`, 'utf8'))
    const notAudited = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, meta }) => {
        const types = (meta.reports ?? []).map(({ type }) => type)
        return status === 'passed' && !AUDITS.every((audit) => types.includes(audit))
      })
    for (const { fullName } of notAudited) console.error(`Not audited in both themes: ${fullName}`)
    return notAudited.length ? { ...counted, failed: counted.failed + 1 } : counted
  }
}

/** Finds or installs the browser, and hands it on to whatever is started from here. */
function browserFirst(step) {
  return async function withBrowser(how) {
    try {
      const [browser, shell] = [ensureBrowser(), ensureShell()]
      console.log(`Browser: ${browser.path} (${browser.from}); where nothing is drawn: ${shell.path}`)
      env.HOLDFAST_BROWSER = browser.path
      env.HOLDFAST_SHELL = shell.path
    } catch (error) {
      console.error(error.message)
      return one(false)
    }
    return step(how)
  }
}

const BUILD_STORYBOOK = 'npm run build-storybook -- --quiet'

/** Waits for the built Storybook, or builds it where no step does. */
function storybookFirst(step) {
  return async function withStorybook(how) {
    const isBuilt = begun.has('storybook')
      ? (await begun.get('storybook')).failed === 0
      : (await run(BUILD_STORYBOOK, how)) === 0
    return isBuilt ? step(how) : one(false)
  }
}

const PACKAGE = ['build.mjs', 'check-package.mjs', 'check-consumer.mjs']

/** What has the machine, in this order: what mostly waits comes first, and the rest is done beside it meanwhile. */
const IN_TURN = {
  restart: { title: 'Real restarts', run: browserFirst(vitest('restart', 'restart')) },
  measured: {
    title: 'Real restarts, measured',
    run: browserFirst(vitest('measured', 'timed', 'measured')),
  },
  stories: {
    title: 'Stories: rendered, played, and audited in light and dark',
    run: browserFirst(auditedIn('stories', vitest('stories', 'stories'))),
  },
  visual: {
    title: 'Pictures: every state in every mode, and every story, as they were',
    run: browserFirst(storybookFirst(vitest('visual', 'visual'))),
  },
}

/** What needs nothing but time, in this order: it is done when stories are played, which leave nothing over. */
const BESIDE = {
  // First of all: the pictures wait for it.
  storybook: { title: 'Storybook is built', run: check(BUILD_STORYBOOK) },
  start: { title: 'Storybook starts', run: check('npm run storybook -- --smoke-test') },
  unit: { title: 'Unit tests', run: vitest('unit', 'unit', 'apart') },
  types: { title: 'Types', run: check('vue-tsc -p . --noEmit') },
  package: {
    title: 'Package, and a project that uses it',
    run: check(...PACKAGE.map((script) => `node scripts/${script}`)),
  },
  lint: { title: 'Lint', run: check('eslint .') },
  format: { title: 'Format', run: check('prettier --check .') },
  directions: { title: 'Import directions', run: check('depcruise src mocks server') },
  sizes: { title: 'Sizes and their budgets', run: check('node scripts/sizes.mjs') },
  spec: {
    title: 'Promised rows and their tests (for information)',
    run: information('node scripts/spec.mjs'),
  },
}

const STEPS = { ...IN_TURN, ...BESIDE }

function chosenSteps(names) {
  const unknown = names.filter((name) => !(name in STEPS))
  if (unknown.length) {
    console.error(`No such step: ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
    process.exit(2)
  }
  return Object.keys(STEPS).filter((name) => names.length === 0 || names.includes(name))
}

const heading = (title) => `\n── ${title} ${'─'.repeat(Math.max(0, 90 - title.length))}`

/** The steps that have begun, by name, each as the promise of its end. */
const begun = new Map()
const results = []

/** Runs a step; where it is not `shown`, what it says is told when it has ended. */
function begin(name, { isShown = false, makesWay = false }) {
  const { title, run: runStep } = STEPS[name]
  const began = performance.now()
  const said = []
  if (isShown) console.log(heading(title))
  const ended = runStep({ makesWay, ...(!isShown && { hear: (piece) => said.push(piece) }) }).then(
    (counted) => {
      const seconds = (performance.now() - began) / 1000
      if (!isShown) process.stdout.write(`${heading(title)}\n${Buffer.concat(said)}`)
      results.push({ title, seconds, ...counted })
      return counted
    },
  )
  begun.set(name, ended)
  return ended
}

async function inTurn(names, options) {
  for (let name = names.shift(); name; name = names.shift()) await begin(name, options)
}

/** One that no project takes, or that was lost on the way, fails nowhere else. */
function lookForFilesNotRun() {
  const filesIn = (folder, ending) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith(ending))
      .map((file) => path.join(folder, file))
  const files = [...filesIn('tests', '.test.ts'), ...filesIn('stories', '.stories.ts')]
  const notRun = files.filter((file) => !ran.has(path.resolve(file)))
  for (const file of notRun) console.error(`Not run: ${file}`)
  return { title: 'Every file of tests was run', seconds: 0, ...one(notRun.length === 0) }
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

const steps = chosenSteps(process.argv.slice(2))
const beside = steps.some((name) => name in IN_TURN) ? steps.filter((name) => name in BESIDE) : []
const before = steps.filter((name) => !beside.includes(name))
await Promise.all([
  // These first: the pictures look whether the Storybook that they need has begun.
  ...Array.from({ length: BESIDE_AT_ONCE }, () => inTurn(beside, { makesWay: true })),
  inTurn(before, { isShown: true }),
])
if (steps.length === Object.keys(STEPS).length) results.push(lookForFilesNotRun())

const total = { passed: 0, failed: 0 }
console.log(heading('Summary'))
for (const { title, passed, failed, seconds } of results) {
  total.passed += passed
  total.failed += failed
  const counted = passed + failed ? `${passed} of ${passed + failed}, ` : ''
  console.log(`${failed ? '✗' : '✓'} ${title}: ${counted}${seconds.toFixed(1)} s`)
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
