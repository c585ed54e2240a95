/** One line of each transport on a simulated network, and what it told, when. */
import type { AnyHandler } from 'msw'
import { onTestFinished } from 'vitest'
import { createLiveApi, type LiveApiOptions } from '../../mocks/live-api.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type NetworkOptions } from '../../mocks/network.js'
import { eventStream } from '../../src/live/event-stream.js'
import type { Driver, Line, LineEnd, LineNews, LinePorts, LineRequest } from '../../src/live/line.js'
import { longPoll } from '../../src/live/long-poll.js'
import { webSocket } from '../../src/live/websocket.js'

export const BASE = 'https://api.example'

/** One way is half of it. */
export const LATENCY_MS = 40

/** What a line told: `open@40`, `message {"type":"HELLO"} epoch1:3@60`, `end again 1006 "" unclean@80`. */
export interface Told {
  readonly line: Line
  readonly news: LineNews[]
  readonly lines: string[]
  readonly end: LineEnd | null
  /** The messages alone. */
  readonly messages: unknown[]
}

const showEnd = ({ verdict, code, reason, wasClean, status, retryAfterMs }: LineEnd): string =>
  `end ${verdict} ${code} ${JSON.stringify(reason)} ${wasClean ? 'clean' : 'unclean'}` +
  (status === undefined ? '' : ` status ${status}`) +
  (retryAfterMs === undefined ? '' : ` after ${retryAfterMs}`)

export function show(news: LineNews): string {
  switch (news.type) {
    case 'message': {
      const data = typeof news.data === 'string' ? news.data : Object.prototype.toString.call(news.data)
      return `message ${data}${news.id === undefined ? '' : ` ${news.id}`}`
    }
    case 'retry':
      return `retry ${news.retryMs}`
    case 'end':
      return showEnd(news.end)
    default:
      return news.type
  }
}

/** Opens a line, and checks on the way that nothing is told within that call, nor after the end or the drop. */
export function listen(
  driver: Driver,
  request: LineRequest,
  {
    clock,
    at = () => 0,
    heard = () => {},
  }: { clock: LinePorts['clock']; at?: () => number; heard?: (news: LineNews) => void },
): Told {
  const news: LineNews[] = []
  const lines: string[] = []
  let state: 'opening' | 'open' | 'over' = 'opening'
  const ports: LinePorts = {
    clock,
    tell(one) {
      if (state !== 'open') throw new Error(`told while ${state}: ${show(one)}`)
      if (one.type === 'end') state = 'over'
      news.push(one)
      lines.push(`${show(one)}@${at()}`)
      heard(one)
    },
  }
  const opened = driver.open(request, ports)
  state = 'open'
  const line: Line = {
    ...opened,
    get bufferedAmount() {
      return opened.bufferedAmount
    },
    get protocol() {
      return opened.protocol ?? ''
    },
    drop(code, reason) {
      opened.drop(code, reason)
      state = 'over'
    },
  }
  return {
    line,
    news,
    lines,
    get end() {
      const last = news.at(-1)
      return last?.type === 'end' ? last.end : null
    },
    get messages() {
      return news.flatMap((one) => (one.type === 'message' ? [one.data] : []))
    },
  }
}

/** What is asked where nobody says otherwise. */
export const requestOf = (path: string, more: Partial<LineRequest> = {}): LineRequest => ({
  url: new URL(path, BASE),
  protocols: [],
  token: null,
  topics: ['chat'],
  cursor: null,
  ...more,
})

export interface LineDeskOptions extends NetworkOptions {
  readonly live?: Partial<LiveApiOptions>
  /** Before those of the live API. */
  readonly handlers?: readonly AnyHandler[]
}

export function createLineDesk({ live = {}, handlers = [], ...options }: LineDeskOptions = {}) {
  const clock = manualClock()
  const startAt = clock.now()
  const at = () => clock.now() - startAt
  const api = createLiveApi({ network: () => network, base: BASE, ...live })
  const network = createNetwork({
    clock,
    hosts: ['api.example'],
    latencyMs: LATENCY_MS,
    handlers: [...handlers, ...api.handlers],
    ...options,
  })
  onTestFinished(() => network.dispose())
  const { WebSocket, fetch } = network
  /** Each transport, and where it is asked. */
  const transports = {
    websocket: { driver: webSocket({ WebSocket }), path: '/ws' },
    'event-stream': { driver: eventStream({ fetch }), path: '/sse' },
    'long-poll': { driver: longPoll({ fetch }), path: '/poll' },
  } as const
  const open = (driver: Driver, request: LineRequest, heard?: (news: LineNews) => void) =>
    listen(driver, request, { clock, at, ...(heard && { heard }) })
  /** Opens the usual line of a transport. */
  const dial = (
    transport: keyof typeof transports,
    more: Partial<LineRequest> = {},
    heard?: (news: LineNews) => void,
  ) => open(transports[transport].driver, requestOf(transports[transport].path, more), heard)
  return { clock, network, api, at, open, dial, fetch, WebSocket }
}

export const TRANSPORTS = ['websocket', 'event-stream', 'long-poll'] as const
