/** What a handler's rejection says about the action: pure, and it believes nothing that it cannot read. */
import { isHoldfastError, type HoldfastErrorCode } from '../core/errors.js'
import { header } from '../core/headers.js'
import { outcomeOfAnswer, type Outcome, type OutcomeClass } from '../core/outcome.js'

/** The server's words are cut to this (docs/spec/reliability.md, I39). */
const LONGEST_DETAIL = 200

/** Not `ok`: whatever says that it succeeded did not reject. */
const CLASSES: readonly OutcomeClass[] = [
  'not-sent',
  'maybe-committed',
  'overloaded',
  'unauthorized',
  'conflict',
  'rejected',
  'cancelled',
]

const CODES: Partial<Record<HoldfastErrorCode, OutcomeClass>> = {
  stopped: 'not-sent',
  paused: 'not-sent',
  'gave-up': 'not-sent',
  'hold-full': 'not-sent',
  unauthorized: 'unauthorized',
  conflict: 'conflict',
  rejected: 'rejected',
}

/**
 * The outcome behind a rejection. In this order: `error.holdfast.outcome` (a class or a whole outcome), an
 * error of the kit, the status of `error.response` with its Retry-After or rate limit, `error.status`. Whatever tells
 * nothing is `maybe-committed`, because a page cannot tell "never sent" from "applied, answer lost".
 */
export function classifyFailure(error: unknown): Outcome {
  const told = field(field(error, 'holdfast'), 'outcome')
  if (isClass(told)) return { ...ofResponse(error), class: told }
  if (isClass(field(told, 'class'))) return told as Outcome
  const known = isHoldfastError(error) ? CODES[error.code] : undefined
  return known ? { class: known } : ofResponse(error)
}

/** The server's own words about a refusal (problem+json), cut; undefined if there are none. */
export function detailOf(error: unknown): string | undefined {
  const problem = field(field(error, 'response'), 'data')
  const text = field(problem, 'detail') ?? field(problem, 'title')
  return typeof text === 'string' && text ? text.slice(0, LONGEST_DETAIL) : undefined
}

function ofResponse(error: unknown): Outcome {
  const response = field(error, 'response')
  const status = field(response, 'status') ?? field(error, 'status')
  // A success that was rejected is not ours, and neither is a redirect: a portal's page, perhaps.
  if (typeof status !== 'number' || status < 400) return { class: 'maybe-committed' }
  const headers = field(response, 'headers')
  return outcomeOfAnswer(status, (name) => header(headers, name))
}

function isClass(value: unknown): value is OutcomeClass {
  return CLASSES.includes(value as OutcomeClass)
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
