/**
 * Ends the real server under load and says what its clients saw (R14); exits with 1 if anything is wrong.
 *
 *     npm run verify:shutdown              ten requests a second for ten seconds; a deadline of 30 s
 *     npm run verify:shutdown -- --short   the same in seconds, as the test command runs it
 */
import { runnerImport } from 'vite'

const known = ['--short']
const unknown = process.argv.slice(2).filter((flag) => !known.includes(flag))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(' ')}; allowed: ${known.join(' ')}`)
  process.exit(1)
}

/** @template T @param {string} path @returns {Promise<T>} */
const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module

const { FULL, SHORT, verifyShutdown } = await load('tests/restart/verification/runs.ts')
const { isRight, textOf } = await load('tests/restart/verification/report.ts')

const reports = await verifyShutdown(process.argv.includes('--short') ? SHORT : FULL, (report) =>
  console.log(`${textOf(report)}\n`),
)
const wrong = reports.flatMap(({ checks }) => checks).filter((check) => !check.isRight)
console.log(wrong.length === 0 ? 'All is right.' : `${wrong.length} wrong.`)
process.exit(wrong.length === 0 && reports.every(isRight) ? 0 : 1)
