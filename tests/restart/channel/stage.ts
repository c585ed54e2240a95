/** The service with its stream of messages, and a page for each setting, each behind a proxy. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { startApi } from '../../support/api-process.js'
import { type AsyncStop, createFaultProxy } from '../../support/fault-proxy.js'
import { startPublisher } from '../campaign/publisher.js'
import { type Logged, type Progress, endOf } from './account.js'
import { type Desk, openDesk, readLog } from './desk.js'
import type { Scene } from './outages.js'

const ALL = 'all three'

/** The transports of each setting. */
export const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  websocket: ['websocket'],
  'event-stream': ['event-stream'],
  'long-poll': ['long-poll'],
  [ALL]: ['websocket', 'event-stream', 'long-poll'],
}

/** How far the page of a setting has come. */
export type Named = Progress & { readonly name: string }

/** What is played on. */
export interface Stage extends Scene {
  readonly desks: readonly Desk[]
  /** How many messages the stream has had. */
  readonly published: () => number
  /**
   * Refuses the first so many transports of the page that has all three, cuts what is open of them, and resolves when
   * it is live by another one.
   */
  block(transports: number): Promise<void>
  /** Resolves when all pages are so; rejects after the patience with those that are not. */
  until(what: string, isSo: (progress: Named) => boolean): Promise<void>
  /** Ends the stream and the messages of pages; resolves when all up to there has been told. */
  end(): Promise<Ending>
}

/** How it ended. */
export interface Ending {
  readonly published: number
  /** The log of each topic as it was then; the clock ticks on. */
  readonly logs: Readonly<Record<string, readonly Logged[]>>
}

/** What it is made for. */
export interface StageOptions {
  readonly browser: Browser
  readonly site: string
  readonly topics: readonly string[]
  /** Events that the server keeps. */
  readonly ring: number
  readonly perSecond: number
}

/** For each wait, on a busy machine: beyond it something hangs. */
const PATIENCE_MS = 45_000
/** Each page says something so often: posts go one by one, and only between two outages. */
const SAYS_EVERY_MS = 1_000
/** Short, so that a black hole of a second is noticed. */
const BEAT_MS = 1_000
const BLOCKED = ['ws', 'sse'] as const

/** Sets it up; `atEnd` is told what has to be undone, last first. */
export async function setStage(
  atEnd: (undo: () => void | Promise<void>) => void,
  options: StageOptions,
): Promise<Stage> {
  const { browser, site, topics, ring, perSecond } = options
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const settings = {
    ...{ db: join(folder, 'orders.db'), origins: site, ring },
    ...{ 'retry-after-s': 0, 'heartbeat-ms': BEAT_MS },
  }
  let api = await startApi({ ...settings, port: 0 })
  const { port, origin } = api
  atEnd(() => api.stop())
  const [plain, gateway] = await Promise.all([
    createFaultProxy({ target: { port } }),
    createFaultProxy({ target: { port }, gateway: true }),
  ])
  atEnd(plain.stop)
  atEnd(gateway.stop)
  const desks = await Promise.all(
    Object.entries(SETTINGS).map(async ([name, transports]) => {
      const { port } = transports.length > 1 ? gateway : plain
      const desk = await openDesk(browser, site, { name, port, transports, topics, beatMs: BEAT_MS })
      atEnd(desk.close)
      return desk
    }),
  )
  const publisher = startPublisher(origin, perSecond)
  // A server that is down when something has failed is not waited for.
  atEnd(() => void publisher.stop())

  async function until(what: string, isSo: (progress: Named) => boolean) {
    const giveUpAt = Date.now() + PATIENCE_MS
    for (;;) {
      const all = await Promise.all(desks.map((desk) => desk.progress()))
      const behind = desks.map(({ name }, at) => ({ name, ...all[at]! })).filter((one) => !isSo(one))
      if (behind.length === 0) return
      if (Date.now() > giveUpAt) throw new Error(`never ${what}: ${JSON.stringify(behind)}`)
      await wait(50)
    }
  }
  await until('live', isLive)
  await Promise.all(desks.map((desk) => desk.startSending(SAYS_EVERY_MS)))
  let unblock: AsyncStop[] = []

  return {
    desks,
    published: publisher.published,
    proxies: [plain, gateway],
    api: () => api,
    until,
    async restart() {
      api = await startApi({ ...settings, port })
    },
    async block(transports) {
      for (const stop of unblock) await stop()
      unblock = []
      for (const transport of BLOCKED.slice(0, transports)) {
        // Also one that is being opened now: it was not refused any more, and was not open yet.
        for (const fault of [{ type: 'refuse' }, { type: 'close', code: 1006 }] as const)
          unblock.push(await gateway.apply({ ...fault, only: { transport } }))
      }
      const blocked = SETTINGS[ALL]!.slice(0, transports)
      await until(
        'live by another way',
        ({ name, state }) => name !== ALL || (isLive({ state }) && !blocked.includes(state)),
      )
    },
    async end() {
      await Promise.all(desks.map((desk) => desk.stopSending()))
      const published = await publisher.stop()
      await until('done with sending', ({ pending }) => pending === 0)
      const logs: Record<string, readonly Logged[]> = {}
      for (const topic of topics) logs[topic] = await readLog(origin, topic)
      await until('told all', ({ last }) => topics.every((topic) => last[topic]! >= endOf(logs[topic]!)))
      return { published, logs }
    },
  }
}

/** Whether events come. */
export const isLive = ({ state }: Pick<Progress, 'state'>): boolean =>
  Object.values(SETTINGS).some((transports) => transports.includes(state))
