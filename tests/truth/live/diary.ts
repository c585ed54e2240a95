/** What a raw client writes down, as plain data: the same words for a simulated service and a real one. */
import type { Clock } from '../../../src/core/clock.js'
import type { Moment } from '../trace.js'

/** One thing that happened to a client. */
export interface Happening {
  /** In ms since the scenario's start. */
  readonly atMs: number
  /** The number of the connection (of a poll: of the request), in the order in which the client made them. */
  readonly on: number
  /** In words; epochs, boots and offsets counted from the first that was seen. */
  readonly what: string
  /** The estimate that was told, in ms: DRAIN, the reason of a 1012, the last `retry:` of a stream; null: none. */
  readonly hintMs: number | null
}

/** The names of the transports. */
export const transports = ['ws', 'sse', 'poll'] as const

/** One of them. */
export type TransportName = (typeof transports)[number]

/** What each of those who took part has seen, by name. */
export type Seen<Name extends string = string> = Readonly<Record<Name, readonly Happening[]>>

/** What a run leaves behind. */
export interface LiveTrace<Name extends string = TransportName> {
  readonly seen: Seen<Name>
  /** When something was handed to the network, with what it was. */
  readonly departures: readonly Moment[]
}

/** A frame, as it came. */
export type Frame = Readonly<Record<string, unknown>>

/** The diary of one client. */
export interface Diary {
  /** Where to resume; undefined: nothing was seen yet. */
  readonly cursor: string | undefined
  note(on: number, what: string, hintMs?: number | null): void
  /** Notes frames, and where the client has read to behind them: as a cursor that was told, or by the frames. */
  frames(on: number, frames: readonly Frame[], told?: string): void
  /** Notes when it was worth coming back, if it was said: that is compared with a tolerance. */
  closed(on: number, code: number, reason: string, wasClean: boolean): void
  /** Something leaves the client. */
  leaves(what: string): void
}

/** Where a diary writes to. */
export interface DiaryPorts {
  readonly clock: Clock
  /** Epoch ms. */
  readonly startAt: number
  readonly happenings: { push(happening: Happening): void }
  readonly departures: { push(departure: Moment): void }
}

/** An empty one. */
export function createDiary({ clock, startAt, happenings, departures }: DiaryPorts): Diary {
  const sinceStart = () => clock.now() - startAt
  const epochs = createNames()
  const boots = createNames()
  let epoch = ''
  let base: number | null = null
  let cursor: string | undefined

  const place = (ofEpoch: string, offset: number): string => {
    base ??= offset
    return `${epochs(ofEpoch)}+${epochs(ofEpoch) === 1 ? offset - base : offset}`
  }
  const placeOf = (text: string): string => {
    const [ofEpoch = '', offset = ''] = text.split(':')
    return place(ofEpoch, Number(offset))
  }
  const told = (frame: Frame): string => {
    const { type, topic, offset, data, from, to } = frame
    if (type === 'HELLO' || type === 'RESET') epoch = String(frame['epoch'])
    if (type === 'HELLO') {
      const { boot, session, heartbeatMs } = frame
      return `HELLO ${place(epoch, Number(offset))} boot ${boots(String(boot))} ${String(session)} ${String(heartbeatMs)}`
    }
    const last = type === 'GAP' ? to : offset
    if (typeof topic === 'string' && typeof last === 'number') cursor = `${epoch}:${last}`
    const at = typeof offset === 'number' ? ` ${place(epoch, offset)}` : ''
    const span = type === 'GAP' ? ` ${place(epoch, Number(from))} to ${place(epoch, Number(to))}` : ''
    return [String(type), topic, data && summaryOf(data)].filter(Boolean).join(' ') + at + span
  }
  const note: Diary['note'] = (on, what, hintMs = null) =>
    happenings.push({ atMs: sinceStart(), on, what, hintMs })

  return {
    get cursor() {
      return cursor
    },
    note,
    frames(on, frames, toldCursor) {
      const hint = frames.find(({ type }) => type === 'DRAIN')?.['retryAfterMs']
      const words = frames.map(told).join(', ')
      cursor = toldCursor ?? cursor
      const behind = toldCursor === undefined ? '' : ` at ${placeOf(toldCursor)}`
      note(on, `${words || 'nothing'}${behind}`, typeof hint === 'number' ? hint : null)
    },
    closed(on, code, reason, wasClean) {
      const hint = /^\{"retryAfterMs":(\d+)\}$/.exec(reason)?.[1]
      const why = hint === undefined ? JSON.stringify(reason) : 'with its turn'
      note(on, `close ${code} ${why} ${wasClean ? 'clean' : 'not clean'}`, hint ? Number(hint) : null)
    },
    leaves: (what) => departures.push({ atMs: sinceStart(), what }),
  }
}

/** Which message it is, and that it is whole. */
function summaryOf(data: unknown): string {
  const text = JSON.stringify(data)
  const { n } = data as { readonly n?: number }
  return n === undefined ? text : `message ${n} of ${text.length}`
}

/** Numbers names in the order in which they are seen. */
function createNames(): (name: string) => number {
  const seen: string[] = []
  return (name) => {
    if (!seen.includes(name)) seen.push(name)
    return seen.indexOf(name) + 1
  }
}
