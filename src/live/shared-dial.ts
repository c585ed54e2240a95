/**
 * One dial for two that ask for it. Where a service speaks nothing but sockets, the attempt to open one is its health
 * check: whoever asks first (the connection, as its probe; the keeper, as its driver) begins it, the other joins, and
 * the socket that a probe has opened becomes the keeper's line. So there is never a second dial beside the first.
 */
import type { Clock } from '../core/clock.js'
import { known } from '../core/known.js'
import type { Probe, ProbeResult, Stop } from '../core/state.js'
import { broken } from './ends.js'
import type { Driver, Line, LineEnd, LineNews, LinePorts, LineRequest } from './line.js'

/** The two sides of a dial. */
export interface SharedDial {
  /** For the keeper. What it asks for is ignored: `ask` says it, in the middle of the attempt. */
  readonly driver: Driver
  /** For the connection. An open line is proved where `prove` can; else the platform is believed that it is open. */
  readonly probe: Probe
  /** The line that was asked for a sign of life gave one. */
  alive(): void
  /** Drops what nobody has taken; probes that wait have failed. */
  close(): void
}

/** What a shared dial needs. */
export interface SharedDialPorts {
  /** Read when it is needed: the connection is made with the probe. */
  clock(): Clock
  /** Where to and with what, asked once for each dial. */
  ask(): Promise<LineRequest>
  /** A dial that only a probe has waited for has failed. */
  onFailed(end: LineEnd): void
  /** Asks the open line for a sign of life (`alive` or its end follows); null: it has no heartbeat. */
  prove: (() => void) | null
}

/** So long is a line held that the keeper does not come for; its messages would pile up. */
const HOLD_MS = 5_000

/** And no more is held than so much news of it. */
const MOST_HELD = 1_000

/** The keeper dropped the line that a probe was about: it asks again. */
type Answer = ProbeResult | 'asks-again'

interface Attempt {
  phase: 'dialling' | 'open' | 'over'
  /** Null: where to is still being asked. */
  line: Line | null
  /** Told before it was taken, in order. */
  news: LineNews[]
  taker: LinePorts | null
  /** Nobody has taken it; taken just now, within whose call nothing is told; in use. */
  flow: 'held' | 'handing-over' | 'in-use'
  readonly waiting: Set<(answer: Answer) => void>
  release: Stop
}

const GOOD: ProbeResult = { kind: 'good' }
const FAILED: ProbeResult = { kind: 'failed' }

/** Makes one, over a driver that knows nothing of it. */
export function shareDial(inner: Driver, { clock, ask, onFailed, prove }: SharedDialPorts): SharedDial {
  let current: Attempt | null = null

  const settle = ({ waiting }: Attempt, answer: Answer): void => {
    for (const tell of [...waiting]) tell(answer)
  }
  const end = (own: Attempt, answer: Answer): void => {
    own.phase = 'over'
    own.release()
    if (current === own) current = null
    settle(own, answer)
  }
  const hear = (own: Attempt, news: LineNews): void => {
    if (own.phase === 'over') return
    if (news.type === 'open') {
      own.phase = 'open'
      if (!own.taker) own.release = clock().setTimeout(() => drop(own, FAILED), HOLD_MS)
      settle(own, GOOD)
    }
    own.news.push(news)
    if (news.type === 'end') end(own, resultOf(news.end))
    if (own.flow === 'in-use') flush(own)
    if (!own.taker && own.news.length > MOST_HELD) return drop(own, FAILED)
    if (news.type === 'end' && !own.taker) onFailed(news.end)
  }
  const drop = (own: Attempt, answer: Answer, code?: number, reason?: string): void => {
    if (own.phase === 'over') return
    own.news = []
    end(own, answer)
    own.line?.drop(code, reason)
  }

  const flush = (own: Attempt): void => {
    own.flow = 'in-use'
    for (let next = own.news.shift(); next; next = own.news.shift()) own.taker?.tell(next)
  }

  const begin = (): Attempt => {
    const own: Attempt = {
      phase: 'dialling',
      line: null,
      news: [],
      taker: null,
      flow: 'held',
      waiting: new Set(),
      release: () => {},
    }
    current = own
    const fail = (error: unknown): void => {
      // A rejection may carry an address with a token in it: only its kind is told.
      const name = error instanceof Error ? error.name : typeof error
      const told = broken(`The URL could not be had: ${name}`)
      hear(own, { type: 'end', end: { ...told, verdict: name === 'SyntaxError' ? 'fatal' : 'again' } })
    }
    const dial = (request: LineRequest): void => {
      if (own.phase === 'over') return
      own.line = inner.open(request, { clock: clock(), tell: (news) => hear(own, news) })
    }
    ask().then(dial).catch(fail)
    return own
  }

  const lineOf = (own: Attempt): Line => ({
    transport: inner.transport,
    get bufferedAmount() {
      return own.line?.bufferedAmount ?? 0
    },
    send: (data) => own.line?.send(data) ?? false,
    drop: (code, reason) => drop(own, 'asks-again', code, reason),
  })

  const probe: Probe = (signal) =>
    new Promise((resolve) => {
      const own = current ?? begin()
      const isOpen = own.phase === 'open'
      if (isOpen && (!prove || !own.taker)) return resolve(GOOD)
      const onAbort = (): void => {
        answer(FAILED)
        if (own.taker || own.phase !== 'dialling') return
        drop(own, FAILED)
        onFailed(broken('The dial was given up: no answer in time'))
      }
      const answer = (given: Answer): void => {
        own.waiting.delete(answer)
        signal.removeEventListener('abort', onAbort)
        resolve(given === 'asks-again' ? later(signal) : given)
      }
      own.waiting.add(answer)
      signal.addEventListener('abort', onAbort)
      if (isOpen) prove?.()
    })
  /** After the keeper has begun its next dial, to be joined. */
  const later = (signal: AbortSignal): Promise<ProbeResult> =>
    Promise.resolve().then(() => (signal.aborted ? FAILED : probe(signal, { clock: clock() })))

  return {
    probe,
    driver: {
      transport: inner.transport,
      open(_request, ports) {
        if (current?.taker) current = null
        const own = current ?? begin()
        own.taker = ports
        own.flow = 'handing-over'
        own.release()
        void Promise.resolve().then(() => flush(own))
        return lineOf(own)
      },
    },
    alive() {
      if (current?.phase === 'open') settle(current, GOOD)
    },
    close() {
      if (current) drop(current, FAILED)
    },
  }
}

/** What the end of a dial says as a health check. */
const resultOf = ({ verdict, retryAfterMs }: LineEnd): Answer =>
  verdict === 'later' ? known({ kind: 'draining', retryAfterMs }) : FAILED
