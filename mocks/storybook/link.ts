/**
 * The state of a story's network in a URL, so that a link shows what someone saw. Scenario, speed and seed are
 * Storybook's own globals; this is the rest. Only letters that no URL escapes.
 *
 *     simulator=1x8f2k*at_12500*run_offline-60s_0*begin_latency_3001*end_latency_5001*filter_orders*line_12
 */
import { LONGEST_MS, type TimedCommand } from '../playback/script.js'
import { hashText } from '../random.js'

/** The parameter in the URL of Storybook, and of the story's own page. */
export const LINK_PARAMETER = 'simulator'

/** What a link says. */
export interface Link {
  readonly commands: readonly TimedCommand[]
  /** Where it is paused (ms); null: it plays, from the beginning. */
  readonly atMs: number | null
  /** What the log shows. */
  readonly filter: string
  /** The line that is looked at; null: none. */
  readonly line: number | null
}

/** Nothing was done, and it plays. */
export const EMPTY_LINK: Link = { commands: [], atMs: null, filter: '', line: null }

/** A link is for one story: another one that is chosen meanwhile begins anew. */
const markOf = (story: string): string => hashText(story).toString(36)

const wordOf = (command: TimedCommand): string =>
  [command.do, ...('what' in command ? [command.what] : []), command.atMs].join('_')

/** Percent signs would be escaped once more: they become dots with their two digits behind them. */
const escape = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[._~!'()*-]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)
    .replaceAll('%', '.')

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('.', '%'))
  } catch {
    return ''
  }
}

/** The value of the parameter; null: there is nothing to be said. */
export function encodeLink(story: string, { commands, atMs, filter, line }: Link): string | null {
  const words = [
    ...(atMs === null ? [] : [`at_${atMs}`]),
    ...commands.map(wordOf),
    ...(filter ? [`filter_${escape(filter)}`] : []),
    ...(line === null ? [] : [`line_${line}`]),
  ]
  return words.length ? [markOf(story), ...words].join('*') : null
}

const numberOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null

/** A time that a playback goes to. */
function timeOf(text: string | undefined): number | null {
  const ms = numberOf(text)
  return ms !== null && ms <= LONGEST_MS ? ms : null
}

function readCommand([command, ...rest]: readonly string[]): TimedCommand | null {
  const atMs = timeOf(rest.at(-1))
  if (atMs === null) return null
  if (command === 'calm' && rest.length === 1) return { atMs, do: 'calm' }
  const [what] = rest
  if (rest.length !== 2 || !what) return null
  return command === 'run' || command === 'begin' || command === 'end' ? { atMs, do: command, what } : null
}

/** What a value says; null: it is for another story, or nothing of ours. A URL can say anything: the rest is left out. */
export function decodeLink(story: string, value: string): Link | null {
  const [mark, ...words] = value.split('*')
  if (mark !== markOf(story)) return null
  let link = EMPTY_LINK
  for (const word of words) {
    const fields = word.split('_')
    const [name, text] = fields
    if (name === 'at') link = { ...link, atMs: timeOf(text) }
    else if (name === 'filter') link = { ...link, filter: unescape(text ?? '') }
    else if (name === 'line') link = { ...link, line: numberOf(text) }
    else {
      const command = readCommand(fields)
      if (command) link = { ...link, commands: [...link.commands, command] }
    }
  }
  return link
}

/** What the URL of this page says of a story; null: nothing. */
export function linkOfPage(story: string): Link | null {
  const search = globalThis.location?.search ?? ''
  const value = new URLSearchParams(search).get(LINK_PARAMETER)
  return value === null ? null : decodeLink(story, value)
}
