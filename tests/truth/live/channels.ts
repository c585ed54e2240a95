/**
 * Channels of the kit, one for each transport, each over a connection of its own: the same code on the simulator and
 * in a page. They follow one topic, say something now and then, and what they tell is written down.
 */
import {
  createConnection,
  isHoldfastError,
  probe,
  type AuthPort,
  type Clock,
  type Random,
  type Signal,
} from '../../../src/index.js'
import {
  createChannel,
  eventStream,
  longPoll,
  webSocket,
  type Channel,
  type ChannelState,
  type Driver,
} from '../../../src/live/index.js'
import { transports, type Happening, type LiveTrace, type TransportName } from './diary.js'
import type { ChannelPlan } from './channel-plan.js'

/** Where they run. */
export interface ChannelWorld {
  readonly baseURL: string
  readonly clock: Clock
  /** Of the kit; each channel has chance of its own. */
  readonly random: Random
  readonly signals: readonly Signal[]
  readonly WebSocket: typeof globalThis.WebSocket
  readonly fetch: typeof globalThis.fetch
}

/** Channels that run. */
export interface RunningChannels {
  /** The trace so far. */
  report(): LiveTrace
  stop(): void
}

/** What is told of one channel; each kind is in order, of two kinds at the same moment either may come first. */
export const TELLS = { state: 1, topic: 2, sent: 3, link: 4, auth: 5 } as const

/** Before the scenario, one after the other. */
const STARTS_MS: Readonly<Record<TransportName, number>> = { ws: -1_200, sse: -1_000, poll: -800 }

/** Before that, whatever is slow the first time is done once. */
const WARM_UP_MS = -1_600

/** A poll is asked to be held for so long: one that is never answered is given up 10 s later. */
const POLL_MS = 2_000

/** So long takes a renewal: what closes for want of a token does so no longer. */
const RENEWAL_MS = 300

/** Starts them in their time; the scenario begins at `startAt` (epoch ms). */
export function startChannels(world: ChannelWorld, plan: ChannelPlan, startAt: number): RunningChannels {
  const { clock, baseURL } = world
  const at = (ms: number, run: () => void) => clock.setTimeout(run, startAt + ms - clock.now())
  const seen: Record<TransportName, Happening[]> = { ws: [], sse: [], poll: [] }
  const stops = transports.flatMap((name, place) => {
    const note = (tells: keyof typeof TELLS, what: string) =>
      void seen[name].push({ atMs: clock.now() - startAt, on: TELLS[tells], what, hintMs: null })
    const { open, say, close } = createOne(world, name, note)
    return [
      at(STARTS_MS[name], open),
      ...plan.sendsMs.map((ms, index) => at(ms + place * plan.apartMs, () => say(index + 1))),
      close,
    ]
  })
  stops.push(at(WARM_UP_MS, () => void world.fetch(`${baseURL}/health`).then((answer) => answer.text())))
  return {
    report: () => structuredClone({ ...seen, departures: [] }),
    stop: () => stops.forEach((stop) => stop()),
  }
}

type Note = (tells: keyof typeof TELLS, what: string) => void

/** One channel, and what is told of it. */
function createOne(world: ChannelWorld, name: TransportName, note: Note) {
  const { baseURL, clock, signals, fetch } = world
  const random = world.random.fork(name)
  const connection = createConnection({
    probe: probe(`${baseURL}/health`, { fetch }),
    ...{ signals, clock, auth: createTokens(clock) },
    // Keys have chance of their own: else each message moves the next wait.
    random: { ...random, bytes: random.fork('keys').bytes },
  })
  const channel = createChannel({
    ...{ connection, url: `${baseURL}/`, fetch, drivers: [driverOf(name, world)] },
    window: null,
  })
  watchChanges(connection, channel, note)
  channel.topic('chat', {
    onResumed: () => note('topic', 'resumed'),
    onGap: ({ from, to }) => note('topic', `a gap of ${to - from + 1}`),
    onReset: () => note('topic', 'reset'),
    onEvent({ data }) {
      // What channels say themselves comes in whichever order they are back.
      const { n } = data as { readonly n?: number }
      if (n !== undefined) note('topic', `message ${n}`)
    },
  })
  return {
    open() {
      connection.start()
      channel.open()
    },
    say(number: number) {
      channel.send('chat', { by: name, number }).then(
        () => note('sent', `${number} acknowledged`),
        (error: unknown) => note('sent', `${number} ${isHoldfastError(error) ? error.code : String(error)}`),
      )
    },
    close() {
      channel.close()
      connection.stop()
    },
  }
}

function watchChanges(connection: ReturnType<typeof createConnection>, channel: Channel, note: Note): void {
  const last = { state: '', link: '', auth: '' }
  const changed = (tells: keyof typeof last, what: string) => {
    if (last[tells] !== what) note(tells, what)
    last[tells] = what
  }
  channel.onChange((state) => changed('state', nameOf(state)))
  connection.subscribe(({ link, auth }) => {
    changed('link', 'cause' in link && link.cause ? `${link.name} (${link.cause})` : link.name)
    changed('auth', auth)
  })
}

const driverOf = (name: TransportName, { WebSocket, fetch }: ChannelWorld): Driver =>
  ({
    ws: () => webSocket({ WebSocket }),
    sse: () => eventStream({ fetch }),
    poll: () => longPoll({ fetch, waitMs: POLL_MS }),
  })[name]()

const nameOf = (state: ChannelState): string =>
  state.name === 'live' ? `live over ${state.transport}` : state.name

/** Tokens of nobody's making: a service that asks for none takes any, and `unauthorized` refuses the first. */
function createTokens(clock: Clock): AuthPort {
  let number = 1
  return {
    token: () => `token-${number}`,
    refresh: () =>
      new Promise((resolve) => {
        clock.setTimeout(() => {
          number += 1
          resolve()
        }, RENEWAL_MS)
      }),
  }
}
