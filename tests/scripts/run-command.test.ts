import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

/** A process of its own, because its signals and its end are in question: what it says, when nobody speaks any more. */
function inNode(script: string, onSaid: (kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const code = `import { run } from './scripts/run-command.mjs'\n${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (piece) => {
    said += String(piece)
    onSaid((signal) => void child.kill(signal))
  })
  return once(child, 'close').then(() => said)
}

test('a command ends with its own code, also with what others leave of the machine; one that was killed has failed', async () => {
  const said = await inNode(`
    for (const command of ['true', 'sh -c "exit 3"', 'nobody-has-this'])
      for (const makesWay of [false, true]) console.log(await run(command, { makesWay, hear() {} }))
    console.log(await run('kill -9 $$', { hear() {} }))
  `)
  expect(said.trim().split('\n').map(Number)).toEqual([0, 0, 3, 3, 127, 127, 1])
}, 30_000)

test('what a command leaves behind ends with it, and does not hold it up', async () => {
  const said = await inNode(
    `console.log(await run('sleep 600 & echo begun', { hear: (piece) => process.stdout.write(piece) }))`,
  )
  expect(said).toBe('begun\n0\n')
}, 30_000)

test.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)(
  'by %s everything that runs ends, too',
  async (signal) => {
    // What sleeps has the output, so that this is over only when that is.
    expect(await inNode(`await run('echo begun; sleep 600')`, (kill) => kill(signal))).toBe('begun\n')
  },
  30_000,
)
