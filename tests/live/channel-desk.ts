/** A channel over a keeper that does as it is told, a real connection, and a fetch that is answered by hand. */
import { onTestFinished } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import type { HoldfastError } from '../../src/core/errors.js'
import type { AuthPort, ConnectionEvent, ProbeResult } from '../../src/core/state.js'
import { checkChannel, type ChannelOptions } from '../../src/live/channel-options.js'
import { createChannelOver } from '../../src/live/channel-over.js'
import type { DialRequest, Keeper, KeeperOptions, KeeperState, Proof } from '../../src/live/keeper-state.js'
import type { LineEnd, Transport, Verdict } from '../../src/live/line.js'
import { readUrls } from '../../src/live/urls.js'

export const BASE = 'https://api.example/'

/** What is said by a server. */
export type Frame = Readonly<Record<string, unknown>>

/** A post on its way. */
export interface Post {
  readonly url: string
  readonly token: string | null
  readonly body: { readonly id: string; readonly topic: string; readonly data: unknown }
  answer(status: number, body?: unknown, headers?: Record<string, string>): Promise<void>
  fail(): Promise<void>
}

function fakeKeeper(options: KeeperOptions) {
  let state: KeeperState = { name: 'closed' }
  const calls: string[] = []
  const needs: string[] = []
  const proofs: Proof[] = []
  const setState = (next: KeeperState): void => {
    state = next
    options.tell({ type: 'state', state })
  }
  const keeper: Keeper = {
    get state() {
      return state
    },
    start() {
      calls.push('start')
      setState({ name: 'waiting-link' })
    },
    stop() {
      calls.push('stop')
      setState({ name: 'closed' })
    },
    proven(proof = {}) {
      calls.push('proven')
      proofs.push(proof)
    },
    noticed: (retryAfterMs) => void calls.push(`noticed ${retryAfterMs}`),
    reopen: (reason) => void calls.push(`reopen: ${reason}`),
    retryNow: () => void calls.push('retryNow'),
    prove: () => {},
    need(kind = 'subscribed') {
      needs.push(kind)
      // As the real one: who needs the line needs the link.
      const stop = options.connection.want()
      return () => {
        stop()
        needs.splice(needs.indexOf(kind), 1)
      }
    },
    send: () => false,
  }
  return { keeper, calls, needs, proofs, setState, options }
}

export function createChannelDesk(
  given: Partial<ChannelOptions> & { readonly auth?: AuthPort; readonly boots?: boolean } = {},
) {
  const { auth, ...options } = given
  const clock = manualClock()
  const startAt = clock.now()
  let probed: ProbeResult = { kind: 'good' }
  const connection = createConnection({
    probe: () => Promise.resolve(probed),
    clock,
    random: seededRandom(1),
    ...(auth && { auth }),
  })
  const events: ConnectionEvent[] = []
  connection.subscribe((_state, event) => void events.push(event))
  connection.start()

  const posts: Post[] = []
  const fetch: typeof globalThis.fetch = (input, init) =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      posts.push({
        url: String(input),
        token: new Headers(init?.headers).get('authorization'),
        body: JSON.parse(String(init?.body)) as Post['body'],
        async answer(status, body, headers = {}) {
          const text = body === undefined ? null : JSON.stringify(body)
          resolve(new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } }))
          await clock.settle()
        },
        async fail() {
          reject(new TypeError('failed'))
          await clock.settle()
        },
      })
    })
  let fake!: ReturnType<typeof fakeKeeper>
  const settings = checkChannel({ connection, url: BASE, fetch, ...options })
  const channel = createChannelOver(settings, {
    createKeeper: (made) => (fake = fakeKeeper(made)).keeper,
    routes: {} as never,
    sends: readUrls(settings.url).sends,
  })
  onTestFinished(() => {
    channel.close()
    connection.stop()
  })

  let generations = 0
  /** A line that stands; the server's side of it. */
  async function dial(
    transport: Transport,
    { isProbation = false, buffered = () => 0 }: { isProbation?: boolean; buffered?: () => number } = {},
  ) {
    const generation = ++generations
    const said: Frame[] = []
    const request: DialRequest = await fake.options.request(transport, new AbortController().signal)
    const line = {
      transport,
      get bufferedAmount() {
        return buffered()
      },
      send(data: unknown) {
        said.push(JSON.parse(String(data)) as Frame)
        return transport === 'websocket'
      },
      drop() {},
    }
    if (!isProbation) fake.setState({ name: 'greeting', since: 0, attempt: 1, transport })
    fake.options.tell({ type: 'opened', line, generation, isProbation })
    const heard = {
      request,
      said,
      /** Frames of one type. */
      all: (type: string) => said.filter((frame) => frame['type'] === type),
      tell: (frame: Frame | string, id?: string) =>
        fake.options.tell({
          type: 'message',
          data: typeof frame === 'string' ? frame : JSON.stringify(frame),
          ...(id === undefined ? {} : { id }),
          generation,
        }),
      hello(offset = 0, more: Frame = {}) {
        heard.tell({
          type: 'HELLO',
          boot: 'b1',
          epoch: 'e1',
          offset,
          heartbeatMs: 25_000,
          session: 'known',
          ...more,
        })
        if (!isProbation) fake.setState({ name: 'open', since: 0, transport })
      },
      resumed: (topic: string, offset: number) => heard.tell({ type: 'RESUMED', topic, offset }),
      event: (topic: string, offset: number, data: unknown = offset) =>
        heard.tell({ type: 'EVENT', topic, offset, data }),
      gap: (topic: string, from: number, to: number) => heard.tell({ type: 'GAP', topic, from, to }),
      reset: (topic: string, epoch: string, offset: number) =>
        heard.tell({ type: 'RESET', topic, epoch, offset }),
      ack: (index = -1, offset = 1) =>
        heard.tell({ type: 'ACK', id: heard.all('SEND').at(index)?.['id'], offset }),
      end(verdict: Verdict = 'again', more: Partial<LineEnd> = {}) {
        const end: LineEnd = { verdict, code: 1006, reason: '', wasClean: false, ...more }
        fake.options.tell({ type: 'ended', end, generation })
        fake.setState({ name: 'waiting-link' })
      },
    }
    return heard
  }

  /** Follows a topic, and notes what was told: `chat 3`, `chat gap 4-5`, `chat reset`, `chat resumed`. */
  const log: string[] = []
  const follow = (topic: string, cursor?: string) =>
    channel.topic(topic, {
      ...(cursor === undefined ? {} : { cursor }),
      onEvent: ({ offset }) => void log.push(`${topic} ${offset}`),
      onGap: ({ from, to }) => void log.push(`${topic} gap ${from}-${to}`),
      onReset: () => void log.push(`${topic} reset`),
      onResumed: () => void log.push(`${topic} resumed`),
      onRefused: ({ code }) => void log.push(`${topic} refused ${code}`),
    })
  /** What became of a promise: `ok 3`, a code, or `waits`. */
  const outcome = (promise: Promise<{ readonly offset: number }>) => {
    const seen = { is: 'waits' }
    promise.then(
      ({ offset }) => (seen.is = `ok ${offset}`),
      (error: HoldfastError) => (seen.is = error.code),
    )
    return seen
  }

  return {
    ...{ channel, connection, clock, events, posts, dial, follow, log, outcome },
    at: () => clock.now() - startAt,
    fake: () => fake,
    /** The link as its probe will find it. */
    setProbe: (next: ProbeResult) => void (probed = next),
    async open() {
      await clock.settle()
      channel.open()
      await clock.advance(1)
    },
    tick: () => clock.advance(1),
  }
}
