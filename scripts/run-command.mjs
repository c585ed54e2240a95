/** Commands that are run with everything they start, and ended with it. */
import { spawn } from 'node:child_process'
import path from 'node:path'

/** What hangs is a failure, and the rest is still run. */
const LIMIT_MS = 720_000

const bin = path.resolve('node_modules/.bin')

/** What every command is given; whoever finds out more writes it here. Code that one process has compiled is compiled. */
export const env = {
  ...process.env,
  PATH: `${bin}${path.delimiter}${process.env.PATH}`,
  NODE_COMPILE_CACHE: path.resolve('.cache/node'),
}

/** With a group of its own, whatever a command has started ends with it. */
const hasGroups = process.platform !== 'win32'
const running = new Set()

function end(child) {
  try {
    if (hasGroups) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // It has ended by itself.
  }
}

process.on('exit', () => running.forEach(end))
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

/**
 * Runs a command line; gives its exit code. Its output is shown, or handed to `hear`. Where it `makesWay`, it has what
 * others leave of the machine.
 */
export function run(command, { hear, makesWay = false } = {}) {
  return new Promise((resolve) => {
    const output = hear ? 'pipe' : 'inherit'
    const isLeftOver = makesWay && hasGroups
    const child = spawn(isLeftOver ? `scripts/left-over.sh ${command}` : command, {
      ...{ shell: true, detached: hasGroups, stdio: ['ignore', output, output] },
      env,
    })
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
    // What it has left behind would outlive it, and hold its output open until the limit.
    child.on('exit', () => end(child))
    child.on('close', done)
  })
}
