/** What a stream or a poll asks for. */
import { Problem } from '../problem.ts'
import type { Live } from './live.ts'
import { type Topic, isTopic } from './topics.ts'

/** Topics, and where to begin. */
export interface Asked {
  readonly topics: readonly Topic[]
  /** undefined: at the end of the log. */
  readonly cursor: string | undefined
}

/** A text that was given once; undefined: none, or an empty one. Throws 400 for what is there twice. */
export const text = (value: unknown, name: string): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new Problem(400, 'malformed', `${name} is given once, as text`)
}

/**
 * Reads it. Topics are a list or a text with commas; throws 400 `malformed` or `unknown-topic`. Of several
 * cursors the first that is there counts: a browser that reconnects by itself repeats the URL, and puts what
 * it has seen since into Last-Event-ID.
 */
export function readAsked(topics: unknown, ...cursors: readonly unknown[]): Asked {
  const names: unknown[] = Array.isArray(topics) ? topics : (text(topics, 'topics')?.split(',') ?? [])
  if (names.length === 0 || names.length > 16)
    throw new Problem(400, 'malformed', 'topics names 1 to 16 topics')
  for (const name of names) {
    if (!isTopic(name))
      throw new Problem(400, 'unknown-topic', `There is no topic ${JSON.stringify(name).slice(0, 64)}`)
  }
  const cursor = cursors.map((each) => text(each, 'cursor')).find((each) => each !== undefined)
  return { topics: [...new Set(names as Topic[])], cursor }
}

/** Throws 503 with Retry-After where nobody more may listen. */
export function refuseCrowd({ audience }: Live): void {
  const refusal = audience.refusal()
  if (refusal) throw refusal
}
