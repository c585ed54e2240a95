/**
 * `holdfast/simulator/playwright`: a fixture that drives the network inside the page.
 *
 *     import { test as base } from '@playwright/test'
 *     import { networkFixtures } from 'holdfast/simulator/playwright'
 *     export const test = base.extend(networkFixtures)
 *
 * The page has its network from `installFromUrl` (`holdfast/simulator/dev-server`), or shows one of its own with
 * `exposeNetwork` (`holdfast/simulator`).
 */
import type { Fault } from './faults.js'
import type { CallMatch, LogEntry } from './log.js'
import { EXPOSED } from './playwright-page.js'
import type {
  CrashLoop,
  GracefulRestart,
  KillRestart,
  LostSession,
  Restart,
  RollingRestart,
} from './restarts.js'
import type { Scenario } from './scenario.js'
import type { ScenarioName } from './scenarios/index.js'

/** What is asked of the page; plain data, because it crosses the border of a process. */
export interface Asked {
  readonly key: string
  readonly verb: string
  readonly given: unknown
}

/** The least of Playwright's `Page` that is needed. */
export interface PageLike {
  evaluate<R>(run: (asked: Asked) => R | Promise<R>, asked: Asked): Promise<R>
}

/** The network of a page, from outside of it. Each call waits until the page has one, 5 s at most. */
export interface PageNetwork {
  /** Plays a scenario from now on: by its name in the catalogue, or as data. A bad one rejects with `bad-option`. */
  run(scenario: ScenarioName | (string & {}) | Scenario, options?: { readonly seed?: number }): Promise<void>
  /** All well: no scenario, no fault, the service up. */
  calm(): Promise<void>
  /** Puts a fault in force until what it resolves with is called. */
  apply(fault: Fault): Promise<() => Promise<void>>
  readonly restart: {
    graceful(options: GracefulRestart): Promise<void>
    kill(options: KillRestart): Promise<void>
    crashLoop(options: CrashLoop): Promise<void>
    lostSession(options: LostSession): Promise<void>
    rolling(options: RollingRestart): Promise<void>
  }
  /** Moves the clock of the page's network by `ms`; it has to be a manual one (`?network=all-well&clock=manual`). */
  advance(ms: number): Promise<void>
  /** What happened, in order. */
  log(): Promise<readonly LogEntry[]>
  /** The lines of the log that match. */
  calls(match?: CallMatch): Promise<readonly LogEntry[]>
  /** A hash of the log, for comparing runs. */
  logHash(): Promise<string>
}

/** What `base.extend(networkFixtures)` adds to a test. */
export interface NetworkFixtures {
  readonly network: PageNetwork
}

/** Runs inside the page: it may name nothing of this module. An application may still be loading its network. */
async function perform({ key, verb, given }: Asked): Promise<unknown> {
  for (let left = 250; left > 0 && !Reflect.has(globalThis, key); left--) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const network = Reflect.get(globalThis, key) as Record<string, (given: unknown) => unknown> | undefined
  if (!network) {
    throw new Error(
      'This page has no simulated network: open it with ?network=all-well, or call exposeNetwork in it',
    )
  }
  return network[verb]?.(given)
}

/** The network of this page. */
export function networkOf(page: PageLike): PageNetwork {
  const ask = (verb: string, given: unknown = null) => page.evaluate(perform, { key: EXPOSED, verb, given })
  const told = async (verb: string, given?: unknown): Promise<void> => void (await ask(verb, given))
  const restart = (given: Restart) => told('restart', given)
  return {
    run: (scenario, { seed } = {}) => told('run', { scenario, ...(seed === undefined ? {} : { seed }) }),
    calm: () => told('calm'),
    async apply(fault) {
      const number = await ask('apply', fault)
      return () => told('release', number)
    },
    restart: {
      graceful: (options) => restart({ type: 'restart.graceful', ...options }),
      kill: (options) => restart({ type: 'restart.kill', ...options }),
      crashLoop: (options) => restart({ type: 'restart.crashLoop', ...options }),
      lostSession: (options) => restart({ type: 'restart.lostSession', ...options }),
      rolling: (options) => restart({ type: 'restart.rolling', ...options }),
    },
    advance: (ms) => told('advance', ms),
    log: async () => (await ask('log')) as readonly LogEntry[],
    calls: async (match = {}) => (await ask('calls', match)) as readonly LogEntry[],
    logHash: async () => String(await ask('logHash')),
  }
}

/** For `base.extend(networkFixtures)`: each test gets the network of its page. */
export const networkFixtures = {
  network: async (
    { page }: { readonly page: PageLike },
    use: (network: PageNetwork) => Promise<void>,
  ): Promise<void> => {
    await use(networkOf(page))
  },
}
