/** The reference server as a process of its own, to be ended by real signals. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

/** A line of its log. */
export type LoggedStep = { readonly step: string; readonly at: string } & Readonly<Record<string, unknown>>

/** A running server process. */
export interface ApiProcess {
  readonly port: number
  readonly origin: string
  readonly boot: string
  /** What it has logged so far. */
  readonly log: readonly LoggedStep[]
  signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void
  /** Resolves with the line as soon as it has been logged. */
  logged(step: string): Promise<LoggedStep>
  /** Resolves when the process has ended; `code` is null if a signal ended it. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>
  /** Kills what is left of it. */
  stop(): Promise<void>
}

/** What tests want unless they say otherwise: no pause for a balancer, and a busy machine refuses nothing. */
const FOR_TESTS = { 'pre-stop-ms': 0, 'most-load-per-core': 0, 'most-lag-ms': 0 }

/**
 * Starts `server/main.ts`, or another program that logs like it, with these settings and those that tests want,
 * and resolves when it listens.
 */
export async function startApi(
  settings: Readonly<Record<string, string | number>>,
  main = MAIN,
): Promise<ApiProcess> {
  const args = Object.entries({ ...FOR_TESTS, ...settings }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ])
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const log: LoggedStep[] = []
  const listeners = new Set<(line: LoggedStep | null) => void>()
  let errors = ''
  child.stderr?.on('data', (bytes) => (errors += bytes))
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = JSON.parse(text) as LoggedStep
    log.push(line)
    for (const listener of [...listeners]) listener(line)
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    for (const listener of [...listeners]) listener(null)
    return { code: code as number | null, signal: signal as string | null }
  })

  const logged = (step: string): Promise<LoggedStep> =>
    new Promise((resolve, reject) => {
      const said = log.find((line) => line.step === step)
      if (said) return resolve(said)
      const listener = (line: LoggedStep | null) => {
        if (line !== null && line.step !== step) return
        listeners.delete(listener)
        if (line) resolve(line)
        else
          reject(
            new Error(
              `The server ended before it said "${step}", with exit code ${child.exitCode}. ${JSON.stringify(log)} ${errors}`,
            ),
          )
      }
      listeners.add(listener)
    })

  const { port, boot } = await logged('listening')
  return {
    port: Number(port),
    origin: `http://127.0.0.1:${String(port)}`,
    boot: String(boot),
    log,
    logged,
    ended,
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
