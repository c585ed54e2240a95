/** The log as the panel shows it: lines of text, filtered, and copied as a table. */
import type { LogEntry } from '../../log.js'
import type { Heard } from './heard.js'
import { toneOf, type BarTone } from './timeline.js'

/** One line. */
export interface LogLine {
  /** The number of the request. */
  readonly id: number
  /** From the beginning of the world (s, exact to the millisecond). */
  readonly time: string
  /** What was asked. */
  readonly asked: string
  /** Which way: http, sse or ws. */
  readonly transport: string
  /** Which fault struck; empty: none. */
  readonly fault: string
  /** What came back. */
  readonly came: string
  readonly took: string
  /** The connection's state afterwards; empty: none is watched. */
  readonly after: string
  readonly tone: BarTone
}

/** Seconds, exact to the millisecond. */
export const exact = (ms: number): string => (ms / 1000).toFixed(3)

function cameOf({ end, status, close, reached }: LogEntry): string {
  if (close) return `closed ${close.code}${close.wasClean ? '' : ', not clean'}`
  if (end === 'answered') return status === 101 ? '101, open' : String(status)
  const words = end.replace('-', ' ')
  return reached && end !== 'arrived' ? `${words}, but done` : words
}

/** All lines of the log, in order. */
export function linesOf({ log, marks, startAt }: Heard): readonly LogLine[] {
  const states = marks.filter(({ lane }) => lane === 'connection')
  let state = -1
  return log.map((entry) => {
    const atMs = entry.at - startAt
    while (states[state + 1] && states[state + 1]!.atMs <= atMs) state++
    const { id, method, url, transport, fault, ms } = entry
    const { pathname, search } = new URL(url)
    return {
      id,
      time: exact(atMs),
      asked: `${method} ${pathname}${search}`,
      transport,
      fault: fault ?? '',
      came: cameOf(entry),
      took: `${ms} ms`,
      after: states[state]?.value ?? '',
      tone: toneOf(entry),
    }
  })
}

/** What a line is called where only its number is to be seen: the number, and all that stands beside it. */
export const nameOf = ({ id, asked, fault, came, time }: LogLine): string =>
  `${id}: ${asked}, ${came}${fault && `, ${fault}`}, at ${time} s`

const textOf = ({ id, asked, transport, fault, came, after }: LogLine): string =>
  [`#${id}`, asked, transport, fault, came, after].join(' ').toLowerCase()

/** Those that have every word of the filter in them, and none that stands behind a minus. */
export function filterLines(lines: readonly LogLine[], filter: string): readonly LogLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return lines
  return lines.filter((line) => {
    const text = textOf(line)
    return words.every((word) =>
      word.length > 1 && word.startsWith('-') ? !text.includes(word.slice(1)) : text.includes(word),
    )
  })
}

const COLUMNS = ['time', 'id', 'asked', 'transport', 'fault', 'came', 'took', 'after'] as const

/** The lines as a table of tabs, with a head: for an issue or a spreadsheet. */
export function copyOf(lines: readonly LogLine[]): string {
  const rows = lines.map((line) => COLUMNS.map((column) => line[column]).join('\t'))
  return [COLUMNS.join('\t'), ...rows].join('\n')
}
