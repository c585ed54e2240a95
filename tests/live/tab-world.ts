/** Tabs of one browser, on one clock, network and server: each may be closed, crash, freeze or stall. */
import { expect, onTestFinished } from 'vitest'
import { createLiveApi, type LiveApiOptions } from '../../mocks/live-api.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { seededRandom } from '../../mocks/random.js'
import type { Clock } from '../../src/core/clock.js'
import { createConnection } from '../../src/core/connection.js'
import type { HoldfastError } from '../../src/core/errors.js'
import type { AuthPort } from '../../src/core/state.js'
import { createChannel } from '../../src/live/channel.js'
import type { ChannelOptions } from '../../src/live/channel-options.js'
import { eventStream } from '../../src/live/event-stream.js'
import type { Driver, Line } from '../../src/live/line.js'
import { longPoll } from '../../src/live/long-poll.js'
import { sharedTabs } from '../../src/live/shared-tabs.js'
import type { TabsPort } from '../../src/live/tabs-port.js'
import { webSocket } from '../../src/live/websocket.js'
import { probe } from '../../src/signals/probe.js'
import { lead } from '../../src/tabs/leader.js'
import { createWebLocks } from '../support/web-locks.js'
import type { TransportName } from './live-desk.js'

export const BASE = 'https://api.example'

export interface TabWorldOptions {
  readonly seed?: number
  readonly api?: Partial<LiveApiOptions>
  readonly transports?: readonly TransportName[]
}

export interface TabOptions {
  readonly auth?: AuthPort
  readonly channel?: Partial<ChannelOptions>
  readonly scope?: string
}

/** What happens to a page: nothing of a stalled one runs until it wakes, and nothing of a gone one ever. */
type Life = 'awake' | 'stalled' | 'gone'

/** What a tab is to its browser. */
interface TabPage {
  readonly life: Life
  /** Lines that are open, or opening. */
  readonly lines: number
  /** What it holds of its browser. */
  left(): Readonly<Record<'lines' | 'timers' | 'listeners' | 'locks', number>>
  close(): void
  crash(): void
  stall(): void
  freeze(): void
}

/** The document and the window of one tab, which count who listens. */
class Page extends EventTarget {
  listeners = 0
  override addEventListener(...listener: Parameters<EventTarget['addEventListener']>): void {
    this.listeners += 1
    super.addEventListener(...listener)
  }
  override removeEventListener(...listener: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners -= 1
    super.removeEventListener(...listener)
  }
}

export function createTabWorld({
  seed = 1,
  api: more = {},
  transports = ['websocket'],
}: TabWorldOptions = {}) {
  const clock = manualClock()
  const api = createLiveApi({ network: () => network, base: BASE, ...more })
  const network = createNetwork({
    clock,
    seed,
    hosts: ['api.example'],
    latencyMs: 40,
    handlers: api.handlers,
  })
  const webLocks = createWebLocks()
  const hearers = new Set<{ readonly name: string; readonly hear: (message: unknown) => void }>()
  /** Everything that went over the bus. */
  const words: unknown[] = []
  const tabs: TabPage[] = []
  /** Attempts to open a line. */
  const dials: { readonly tab: number; readonly at: number; readonly topics: readonly string[] }[] = []

  function openTab({ auth, channel: settings, scope = 'ada' }: TabOptions = {}) {
    const number = tabs.length + 1
    let life: Life = 'awake'
    let isDeaf = false
    let late: (() => void)[] = []
    const open = new Set<Line>()
    const timers = new Set<() => void>()
    /** As soon as the page runs. */
    const run = (what: () => void): void => {
      if (life === 'awake') what()
      else if (life === 'stalled') late.push(what)
    }
    const own: Clock = {
      now: () => clock.now(),
      setTimeout(what, delayMs) {
        if (delayMs === Infinity) return () => {}
        let isOver = false
        const cancel = clock.setTimeout(() => run(() => !isOver && (end(), what())), delayMs)
        const end = (): void => {
          isOver = true
          timers.delete(end)
          cancel()
        }
        timers.add(end)
        return end
      },
      track: (promise) => clock.track(promise),
    }
    /** What the network answers is heard by a page that runs. */
    const fetch: typeof globalThis.fetch = (input, init) =>
      new Promise((resolve, reject) => {
        network.fetch(input, init).then(
          (answer) => run(() => resolve(answer)),
          (error: unknown) => run(() => reject(error as Error)),
        )
      })
    /** Counts its lines; what they tell is heard by a page that runs. */
    const ofThisPage = (driver: Driver): Driver => ({
      ...driver,
      open(request, { tell, ...ports }) {
        dials.push({ tab: number, at: clock.now(), topics: request.topics })
        const line = driver.open(request, {
          ...ports,
          tell: (news) =>
            run(() => {
              if (news.type === 'end') open.delete(line)
              tell(news)
            }),
        })
        open.add(line)
        return Object.create(line, {
          drop: {
            value(code?: number, reason?: string) {
              open.delete(line)
              line.drop(code, reason)
            },
          },
        }) as Line
      },
    })
    const page = new Page()
    const ownLocks = webLocks.ofPage(run)
    const port: TabsPort = {
      lead: (name, onChange) => lead(own, name, onChange, ownLocks.locks, [page]),
      join(name, hear) {
        const hearer = {
          name,
          hear: (message: unknown) => run(() => hearers.has(hearer) && !isDeaf && hear(message)),
        }
        hearers.add(hearer)
        return {
          post(message) {
            const copy: unknown = structuredClone(message)
            words.push(copy)
            for (const other of hearers)
              if (other !== hearer && other.name === name) clock.setTimeout(() => other.hear(copy), 0)
          },
          stop: () => void hearers.delete(hearer),
        }
      },
    }
    const connection = createConnection({
      probe: probe(`${BASE}/health`, { fetch }),
      clock: own,
      random: seededRandom(seed * 1000 + number),
      signals: [network.signals],
      ...(auth && { auth }),
    })
    const drivers = {
      websocket: webSocket({ WebSocket: network.WebSocket }),
      'event-stream': eventStream({ fetch }),
      'long-poll': longPoll({ fetch }),
    }
    const channel = createChannel({
      connection,
      url: `${BASE}/`,
      drivers: transports.map((name) => ofThisPage(drivers[name])),
      fetch,
      window: page,
      tabs: sharedTabs({ scope, tabs: port }),
      ...settings,
    })
    const gone = (): void => {
      life = 'gone'
      late = []
    }
    const tab = {
      ...{ channel, connection, number },
      get life() {
        return life
      },
      get lines() {
        return open.size
      },
      follow(topic: string, cursor?: string) {
        const events: number[] = []
        const told: string[] = []
        let began: number | null = null
        const stop = channel.topic(topic, {
          ...(cursor === undefined ? {} : { cursor }),
          onEvent: ({ offset }) => void events.push(offset),
          onGap: ({ from, to }) => void told.push(`gap ${from}-${to}`),
          onReset: () => void told.push('reset'),
          onResumed({ cursor: place }) {
            told.push('resumed')
            began ??= Number(place.split(':')[1])
          },
          onRefused: ({ code }) => void told.push(`refused ${code}`),
        })
        return {
          ...{ events, told, stop },
          /** Behind this offset everything is told: its present when it began. Null: it has not been told yet. */
          get began() {
            return began
          },
        }
      },
      /** What became of a message. */
      send(data: unknown) {
        const sent = { is: 'waits', times: 0 }
        const settle = (is: string): void => {
          sent.is = is
          sent.times += 1
        }
        channel.send('chat', data).then(
          ({ offset }) => settle(`ok ${offset}`),
          (error: HoldfastError) => settle(error.code),
        )
        return sent
      },
      left: () => ({
        lines: open.size,
        timers: timers.size,
        listeners: page.listeners + [...ownHearers].filter((hearer) => hearers.has(hearer)).length,
        locks: ownLocks.count(),
      }),
      /** As a person closes it. */
      close() {
        channel.close()
        connection.stop()
        // What was granted to it and has not run, its browser takes back.
        if (life === 'stalled') ownLocks.gone()
        gone()
      },
      /** Its process is gone: no word, and the browser ends what it held. */
      crash() {
        gone()
        for (const line of open) line.drop()
        open.clear()
        for (const hearer of ownHearers) hearers.delete(hearer)
        ownLocks.gone()
      },
      /** What is said on the bus meanwhile is lost to it, as to a page in the back-forward cache. */
      deafen: (next: boolean) => void (isDeaf = next),
      /** Nothing of it runs, and nobody is told: a debugger, a long loop. */
      stall: () => void (life = 'stalled'),
      /** The browser freezes it, and says so. */
      freeze() {
        page.dispatchEvent(new Event('freeze'))
        life = 'stalled'
      },
      wake() {
        if (life !== 'stalled') return
        life = 'awake'
        page.dispatchEvent(new Event('resume'))
        for (const what of late.splice(0)) what()
      },
    }
    const ownHearers = hearersOf(hearers, () => {
      connection.start()
      channel.open()
    })
    tabs.push(tab)
    onTestFinished(() => {
      channel.close()
      connection.stop()
    })
    return tab
  }

  onTestFinished(() => network.dispose())
  return {
    ...{ api, clock, dials, network, openTab, tabs, words },
    /** Locks that any page holds or waits for. */
    locks: webLocks.count,
    /** Another page of the origin writes to every bus; returns how many listen. */
    async whisper(message: unknown) {
      for (const { hear } of [...hearers]) hear(message)
      await clock.advance(1)
      return hearers.size
    },
    /** Of pages that run. */
    lines: () => tabs.filter(({ life }) => life === 'awake').reduce((sum, tab) => sum + tab.lines, 0),
    leader: () => tabs.find((tab) => tab.life !== 'gone' && tab.lines > 0),
    async publishFor(ms: number, perS: number, topic: 'chat' | 'orders' = 'chat') {
      const gapMs = 1000 / perS
      for (let left = ms; left > 0; left -= gapMs) {
        api.publish(topic, { at: clock.now() })
        await clock.advance(gapMs)
      }
    },
    /** Of all that were published from the first one told: each once, in order. */
    expectWhole(events: readonly number[], topic = 'chat', from = events[0] ?? 1) {
      const published = api.events.filter((event) => event.topic === topic && event.offset >= from)
      expect(events).toEqual(published.map(({ offset }) => offset))
    },
  }
}

/** Those that are added meanwhile. */
function hearersOf<T>(all: ReadonlySet<T>, act: () => void): ReadonlySet<T> {
  const before = new Set(all)
  act()
  return new Set([...all].filter((one) => !before.has(one)))
}
