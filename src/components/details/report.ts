/** The details as lines of text: what is shown, and what goes into a support ticket. Pure. */
import type { StatusView } from '../../status/view.js'
import { countsText } from '../list/row-look.js'
import type { Words } from '../locales/locale.js'
import { duration, fill, joined, say } from '../locales/text.js'
import type { DiaryEntry } from './diary.js'

/** The words of the details. */
export type DetailsWords = Words<'list' | 'badge' | 'details'>

/** A name and its value. */
export type Fact = readonly [name: string, value: string]

/** The time of day, as the language writes it. */
export const timeOf = ({ lang }: DetailsWords, at: number): string =>
  new Intl.DateTimeFormat(lang, { timeStyle: 'medium' }).format(at)

/** An instant that people in two places can compare. Swedish is written as ISO 8601 is. */
const instantOf = (at: number): string =>
  `${new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' }).format(at)} UTC`

/** What is so now. Codes stand in brackets: they are the same in every language. */
export function factsOf(words: DetailsWords, view: StatusView, now: number): readonly Fact[] {
  const { details, badge } = words
  const { queue, phase, title, since, cause, nextAttemptAt, kept } = view
  const facts: Fact[] = [[details.state, `${title ? say(words, title) : badge.online} (${phase})`]]
  if (since !== null) {
    const passed = duration(words, Math.round((now - since) / 1000))
    facts.push([details.since, `${timeOf(words, since)} (${passed})`])
  }
  if (cause !== null) facts.push([details.cause, `${details.causes[cause]} (${cause})`])
  if (nextAttemptAt !== null)
    facts.push([details.next, duration(words, Math.max(1, Math.ceil((nextAttemptAt - now) / 1000)))])
  const waiting = queue.waiting + queue.sending + queue.blocked
  const needy = queue.failed + queue.conflict + queue.unconfirmed
  const counts = countsText(words, { waiting, needy })
  if (counts) facts.push([details.changes, joined(words, counts, kept ? say(words, kept) : '')])
  return facts
}

/** What is so, or has happened, behind the name of what it is about. */
const named = (words: DetailsWords, name: string, value: string): string =>
  fill(words, words.details.named, { name, value })

/** One thing that happened, in words. */
export function entryText(
  words: DetailsWords,
  { event, cause, tried, attempt, service }: DiaryEntry,
  services: Readonly<Record<string, string>> = {},
): string {
  const { events, causes, tries } = words.details
  const reason = cause ? causes[cause] : tried ? tries[tried] : ''
  const text = fill(words, events[event], { reason, ...(attempt === undefined ? {} : { attempt }) })
  return service === null ? text : named(words, services[service] ?? service, text)
}

/** What a report is made of. */
export interface ReportOptions {
  /** The language that it is written in. */
  readonly words: DetailsWords
  /** What is told now. */
  readonly view: StatusView
  /** The newest first. */
  readonly entries: readonly DiaryEntry[]
  /** What people call each service, by its key. Default: the key. */
  readonly services?: Readonly<Record<string, string>> | undefined
  /** Epoch ms. */
  readonly now: number
  /** Without query and fragment: they may hold what is nobody's business. */
  readonly page: string
  /** What the browser calls itself. */
  readonly browser: string
}

/** Everything, as text to be pasted; the oldest first. */
export function reportOf({ words, view, entries, services, now, page, browser }: ReportOptions): string {
  const { details } = words
  const facts: readonly Fact[] = [
    ...factsOf(words, view, now),
    [details.page, page],
    [details.browser, browser],
  ]
  const history = entries
    .toReversed()
    .map((entry) => `${instantOf(entry.at)}  ${entryText(words, entry, services)}`)
  return [
    named(words, details.title, instantOf(now)),
    '',
    ...facts.map(([name, value]) => named(words, name, value)),
    '',
    details.history,
    ...(history.length > 0 ? history : [details.nothing]),
    '',
  ].join('\n')
}
