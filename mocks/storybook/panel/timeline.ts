/** The timeline as data: lanes of bars, from what was planned, what was heard, and what is under way. */
import type { LogEntry } from '../../log.js'
import { endOf, spansOf, type Severity } from '../../playback/spans.js'
import type { Mark } from '../messages.js'
import type { Heard } from './heard.js'

/** What a bar looks like. */
export type BarTone = 'idle' | 'ok' | Severity

/** One bar. */
export interface Bar {
  readonly key: string
  readonly fromMs: number
  readonly toMs: number
  readonly tone: BarTone
  /** What stands in it; empty: it is too small for that. */
  readonly label: string
  /** The whole of it, for who points at it. */
  readonly title: string
  /** The number of its request in the log; null: it is none. */
  readonly request: number | null
}

/** Bars that belong together, in as many rows as they need. */
export interface Lane {
  readonly name: 'device' | 'network' | 'server' | 'connection' | 'phase' | 'requests' | 'sockets'
  readonly label: string
  readonly rows: readonly (readonly Bar[])[]
}

/** All lanes of a story, and how much time they show. */
export interface Timeline {
  readonly lengthMs: number
  readonly lanes: readonly Lane[]
}

/** So much is shown behind the end of a scenario, and at least (ms). */
const AFTER_MS = 8000
const LEAST_MS = 20_000
/** The end moves in steps of so much, so that the picture stands still in between (ms). */
const GROWTH_MS = 10_000
const MOST_ROWS = { requests: 6, sockets: 3, other: 4 }

/** How much time the timeline shows (ms). */
export function lengthOfTimeline({ script, repertoire, nowMs, ahead, startAt }: Heard): number {
  const lastMs = (ahead.log.at(-1)?.at ?? startAt) - startAt
  const least = Math.max(LEAST_MS, endOf(script, repertoire) + AFTER_MS, nowMs + 1000, lastMs)
  return Math.ceil(least / GROWTH_MS) * GROWTH_MS
}

const CONNECTION_TONES: Readonly<Record<string, BarTone>> = {
  online: 'ok',
  connecting: 'info',
  suspect: 'warn',
  waiting: 'bad',
  trying: 'warn',
  stopped: 'bad',
}
const PHASE_TONES: Readonly<Record<string, BarTone>> = {
  online: 'ok',
  recovered: 'ok',
  connecting: 'info',
  maintenance: 'info',
  resyncing: 'info',
  syncing: 'info',
  grace: 'warn',
  reconnecting: 'warn',
  unstable: 'warn',
  attention: 'warn',
  slow: 'warn',
  disconnected: 'bad',
  gaveUp: 'bad',
  authRequired: 'bad',
  sessionLost: 'bad',
}

/** How a line of the log ended. */
export function toneOf({ end, status }: LogEntry): BarTone {
  if (end === 'answered')
    return status !== null && status >= 500 ? 'bad' : status !== null && status >= 400 ? 'warn' : 'ok'
  if (end === 'resent') return 'warn'
  return end === 'aborted' || end === 'arrived' || end === 'closed' || end === 'disposed' ? 'idle' : 'bad'
}

/** Into as few rows as there are bars at one time; what is over the most lies over others in the last. */
export function pack(bars: readonly Bar[], mostRows: number, gapMs = 0): readonly (readonly Bar[])[] {
  const rows: Bar[][] = []
  for (const bar of [...bars].sort((one, other) => one.fromMs - other.fromMs)) {
    const free = rows.find((row) => row.at(-1)!.toMs + gapMs <= bar.fromMs)
    if (free) free.push(bar)
    else if (rows.length < mostRows) rows.push([bar])
    else rows.at(-1)!.push(bar)
  }
  return rows.length ? rows : [[]]
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 2)} s`

/** Lanes of what the script does. */
function planned({ script, repertoire }: Heard, lengthMs: number): Lane[] {
  const spans = spansOf(script, repertoire).filter(({ fromMs }) => fromMs <= lengthMs)
  const lane = (name: 'device' | 'network' | 'server', label: string): Lane => {
    const bars = spans.flatMap((span, at): Bar[] => {
      if (span.part !== name) return []
      const toMs = Math.min(span.toMs ?? lengthMs, lengthMs)
      const lasts = span.toMs === null ? 'until it is ended' : `for ${seconds(span.toMs - span.fromMs)}`
      const title = `${span.label}, from ${seconds(span.fromMs)}, ${lasts}${span.button ? ', by hand' : ''}`
      return [
        {
          key: `${name}-${at}`,
          fromMs: span.fromMs,
          toMs,
          tone: span.severity,
          label: span.label,
          title,
          request: null,
        },
      ]
    })
    return { name, label, rows: pack(bars, MOST_ROWS.other) }
  }
  return [lane('device', 'Device'), lane('network', 'Network'), lane('server', 'Server')]
}

/** The lane of what was watched: one value after the other, up to now, and what comes again. */
function marked(
  heard: Heard,
  name: Mark['lane'],
  label: string,
  tones: Readonly<Record<string, BarTone>>,
): Lane[] {
  const { marks, nowMs, ahead } = heard
  const lived = marks.filter((mark) => mark.lane === name)
  const coming = ahead.marks.filter((mark) => mark.lane === name && mark.atMs > nowMs)
  const all = [...lived, ...coming]
  if (all.length === 0) return []
  const endMs = Math.max(nowMs, coming.length ? lengthOfTimeline(heard) : nowMs)
  const bars = all.map(({ atMs, value }, at): Bar => {
    const toMs = all[at + 1]?.atMs ?? endMs
    const title = `${value}, from ${seconds(atMs)} for ${seconds(toMs - atMs)}`
    return {
      key: `${name}-${at}`,
      fromMs: atMs,
      toMs,
      tone: tones[value] ?? 'idle',
      label: value,
      title,
      request: null,
    }
  })
  return [{ name, label, rows: [bars] }]
}

const pathOf = (url: string): string => new URL(url).pathname

/** What became of a socket that was opened. */
interface Opened {
  readonly untilMs: number
  /** The line of its end; undefined: it is open. */
  readonly end: LogEntry | undefined
}

function wordsOf({ untilMs, end }: Opened, fromMs: number): string {
  const how = end === undefined ? 'still open' : `${end.end.replace('-', ' ')} (${end.close!.code})`
  return `, open for ${seconds(untilMs - fromMs)}, ${how}`
}

/** The bar of a line of the log; of a socket's handshake up to its end, which has a line of its own. */
function barOf(entry: LogEntry, startAt: number, opened: Opened | null): Bar {
  const { id, method, url, transport, end, status, ms, fault } = entry
  const atMs = entry.at - startAt
  const came = status ?? end
  const label = transport === 'http' ? '' : pathOf(url)
  const struck = fault ? `, ${fault}` : ''
  return {
    key: `request-${id}-${end}-${atMs}`,
    fromMs: atMs - ms,
    toMs: opened?.untilMs ?? atMs,
    tone: toneOf(entry),
    label,
    title: `#${id} ${method} ${pathOf(url)}: ${came}${struck}, ${seconds(ms)}${opened ? wordsOf(opened, atMs) : ''}`,
    request: id,
  }
}

/** The lanes of requests and of sockets. */
function travelled({ log, ahead, underWay, startAt, nowMs }: Heard): Lane[] {
  const lines = [...log, ...ahead.log.filter(({ at }) => at - startAt > nowMs)]
  const ends = new Map(lines.filter(({ close }) => close).map((line) => [line.id, line]))
  const openedOf = ({ id, at }: LogEntry): Opened => {
    const end = ends.get(id)
    return { end, untilMs: Math.max(at - startAt, end ? end.at - startAt : nowMs) }
  }
  const bars: Record<'requests' | 'sockets', Bar[]> = { requests: [], sockets: [] }
  for (const line of lines) {
    if (line.close) continue
    const isSocket = line.transport === 'ws'
    const opened = isSocket && line.status === 101 ? openedOf(line) : null
    bars[isSocket ? 'sockets' : 'requests'].push(barOf(line, startAt, opened))
  }
  for (const { id, method, url, transport, leftAt } of underWay) {
    const fromMs = leftAt - startAt
    const title = `#${id} ${method} ${pathOf(url)}: under way for ${seconds(nowMs - fromMs)}`
    bars[transport === 'ws' ? 'sockets' : 'requests'].push({
      ...{ key: `under-way-${id}`, fromMs, toMs: nowMs, tone: 'info', title, request: id },
      label: transport === 'http' ? '' : pathOf(url),
    })
  }
  const sockets = bars.sockets.length
    ? [{ name: 'sockets' as const, label: 'Sockets', rows: pack(bars.sockets, MOST_ROWS.sockets) }]
    : []
  return [{ name: 'requests', label: 'Requests', rows: pack(bars.requests, MOST_ROWS.requests) }, ...sockets]
}

/** The timeline of what was heard. */
export function timelineOf(heard: Heard): Timeline {
  const lengthMs = lengthOfTimeline(heard)
  return {
    lengthMs,
    lanes: [
      ...planned(heard, lengthMs),
      ...marked(heard, 'connection', 'Connection', CONNECTION_TONES),
      ...marked(heard, 'phase', 'Phase', PHASE_TONES),
      ...travelled(heard),
    ],
  }
}

/** Where lines of a ruler stand: about so many, at round times (ms). */
export function ticksOf(lengthMs: number, about = 8): readonly number[] {
  const rough = lengthMs / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step =
    [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= rough) ?? power * 10
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, at) => at * step)
}
