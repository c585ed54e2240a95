/** The strict parser of Retry-After (RFC 9110, 10.2.3). Malformed is ignored, never 0 (I24). */

import { parseHttpDate } from './clock.js'

/** No hint makes us wait longer than this. */
export const LONGEST_HINT_MS = 3_600_000

/**
 * Milliseconds to wait, at most an hour; undefined if the header is absent or malformed.
 * A date is read against the answer's own Date header, so that a wrong clock does no harm.
 */
export function parseRetryAfter(
  value: string | null | undefined,
  answerDate: string | null | undefined,
): number | undefined {
  if (!value) return undefined
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_HINT_MS)
  const due = parseHttpDate(text)
  const now = answerDate ? parseHttpDate(answerDate.trim()) : null
  if (due === null || now === null) return undefined
  return Math.min(Math.max(0, due - now), LONGEST_HINT_MS)
}
