/**
 * Idempotency keys: whoever asks twice with one key is answered twice and served once.
 *
 * The stored answer is committed in ONE transaction with the work itself. Were they two, a crash between
 * them would leave work without its answer, and the repeated request would do the work again.
 */
import { createHash } from 'node:crypto'
import type { Database } from './database.ts'
import { whileHeld } from './patience.ts'
import { Problem } from './problem.ts'

/** Keys are kept for a day; clients repeat an action for 23 hours at most. */
export const KEY_LIFE_MS = 24 * 3_600_000

/** An answer that can be stored and given again. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly location?: string
  readonly etag?: string
}

/** Who asks, with which key, for what. */
export interface Question {
  readonly user: string
  readonly key: string
  /** Of the body, as sent. */
  readonly fingerprint: string
}

/** The two halves of the work that a key guards. */
export interface GuardedWork {
  /** What takes time and changes nothing here: asking others, waiting. */
  prepare(): Promise<void>
  /** What changes something; synchronous, in the transaction that also stores the answer. Throws to refuse. */
  commit(): Answer
}

/** The keeper of keys. */
export interface Idempotency {
  /**
   * Does the work, or gives the stored answer again. Without a question (no key) it just does the work.
   *
   * Throws a problem: 422 `key-reused` if the key came with another body before; 409
   * `idempotency-in-flight` with Retry-After while the first request is still at work. Only a 2xx answer is
   * stored: a refusal has applied nothing, and may turn out otherwise next time.
   *
   * Rejects with the reason of `signal` if that ends while another process holds the database. Default: none.
   */
  perform(question: Question | null, work: GuardedWork, signal?: AbortSignal): Promise<Performed>
  /** The same for work that takes no time, at once: it cannot be met at work. */
  performNow(question: Question, commit: GuardedWork['commit']): Performed
  /** Deletes the keys whose life is over. An expired key is without effect also before that. */
  forgetExpired(): void
}

/** The answer, and whether it is an old one. */
export interface Performed {
  readonly answer: Answer
  readonly replayed: boolean
}

/** What identifies a body: SHA-256 of its bytes. */
export const fingerprintOf = (body: string | Uint8Array): string =>
  createHash('sha256').update(body).digest('base64url')

/**
 * The key of a header, in the form of a structured string (`"abc"`) or bare; null without a header.
 * Throws 400 `malformed-key` for what is neither, empty or longer than 255 characters.
 */
export function parseKey(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null
  const quoted =
    typeof header === 'string' ? /^\s*"([\x21\x23-\x5b\x5d-\x7e]{1,255})"\s*$/.exec(header) : null
  const bare = typeof header === 'string' ? /^\s*([\w.:~+/=-]{1,255})\s*$/.exec(header) : null
  const key = quoted?.[1] ?? bare?.[1]
  if (key === undefined)
    throw new Problem(400, 'malformed-key', 'Idempotency-Key is one quoted string of at most 255 characters')
  return key
}

interface StoredAnswer {
  fingerprint: string
  status: number
  body: string
  location: string | null
  etag: string | null
}

/** Keeps keys in the database; `now` is for tests. What is at work is known to this process alone. */
export function createIdempotency(database: Database, now: () => number = Date.now): Idempotency {
  const { sql } = database
  const find = sql.prepare(
    'SELECT fingerprint, status, body, location, etag FROM answers WHERE user = ? AND key = ? AND keptAt > ?',
  )
  const countReplay = sql.prepare('UPDATE answers SET replays = replays + 1 WHERE user = ? AND key = ?')
  const forgetOld = sql.prepare('DELETE FROM answers WHERE keptAt <= ?')
  const keep = sql.prepare(
    `INSERT INTO answers (user, key, fingerprint, status, body, location, etag, keptAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  /** Fingerprints of what is at work. Gone with the process, as is the work. */
  const atWork = new Map<string, string>()

  function storedAnswer({ user, key, fingerprint }: Question): Answer | null {
    const stored = find.get(user, key, now() - KEY_LIFE_MS) as StoredAnswer | undefined
    if (!stored) return null
    refuseOtherBody(stored.fingerprint, fingerprint)
    countReplay.run(user, key)
    const { status, body, location, etag } = stored
    return { status, body, ...(location !== null && { location }), ...(etag !== null && { etag }) }
  }

  const isStored = ({ user, key }: Question) => find.get(user, key, now() - KEY_LIFE_MS) !== undefined
  const forgetExpired = () => void forgetOld.run(now() - KEY_LIFE_MS)
  const claimOf = ({ user, key }: Question) => JSON.stringify([user, key])

  function refuseWhileAtWork(question: Question): void {
    const rival = atWork.get(claimOf(question))
    if (rival === undefined) return
    refuseOtherBody(rival, question.fingerprint)
    throw new Problem(409, 'idempotency-in-flight', 'The first request with this key is still at work', {
      retryAfterS: 1,
    })
  }

  /** In a transaction: looks again, because another process may have been faster; then works and keeps the answer. */
  function answerOnce(question: Question | null, commit: GuardedWork['commit']): Performed {
    const stored = question && storedAnswer(question)
    if (stored) return { answer: stored, replayed: true }
    const answer = commit()
    if (question && answer.status >= 200 && answer.status < 300) {
      const { user, key, fingerprint } = question
      const { status, body, location = null, etag = null } = answer
      forgetExpired()
      keep.run(user, key, fingerprint, status, body, location, etag, now())
    }
    return { answer, replayed: false }
  }

  return {
    async perform(question, { prepare, commit }, signal = new AbortController().signal) {
      const answered = () => whileHeld(signal, () => database.transaction(() => answerOnce(question, commit)))
      if (!question) {
        await prepare()
        return answered()
      }
      if (isStored(question)) {
        const stored = await whileHeld(signal, () => storedAnswer(question))
        if (stored) return { answer: stored, replayed: true }
      }
      refuseWhileAtWork(question)
      const claim = claimOf(question)
      atWork.set(claim, question.fingerprint)
      try {
        await prepare()
        return await answered()
      } finally {
        atWork.delete(claim)
      }
    },
    performNow(question, commit) {
      refuseWhileAtWork(question)
      return database.transaction(() => answerOnce(question, commit))
    },
    forgetExpired,
  }
}

function refuseOtherBody(first: string, second: string): void {
  if (first !== second) throw new Problem(422, 'key-reused', 'This key was used for another body')
}
