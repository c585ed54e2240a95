/**
 * Sessions: an access token for a few minutes and a refresh token that is exchanged for the next pair. Both are
 * opaque random texts; the database keeps their hashes alone, so that they survive a restart and a stolen
 * file opens nothing.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '../database.ts'
import type { Time } from '../time.ts'

/** What a token is worth now. */
export type Access =
  | { readonly name: 'valid'; readonly user: string; readonly expiresAt: number }
  | { readonly name: 'expired' }
  /** Of the form that ours have, but of no session that this server knows. */
  | { readonly name: 'unknown' }
  /** No token of ours. */
  | { readonly name: 'malformed' }

/** Looks at an access token. */
export type AccessCheck = (token: string) => Access

/** What a login or a refresh brings. */
export interface Pair {
  readonly accessToken: string
  /** How long it is good for, in seconds. */
  readonly expiresInS: number
  readonly refreshToken: string
}

/** What an exchange of a refresh token brings. */
export type Exchange =
  | { readonly name: 'pair'; readonly pair: Pair }
  /** It was exchanged, and what it brought was used: somebody else has it too, so the whole family is revoked. */
  | { readonly name: 'reused' }
  | { readonly name: 'expired' }
  | { readonly name: 'unknown' }

/** The keeper of sessions. */
export interface Sessions {
  /** Begins a family. */
  login(user: string): Pair
  /**
   * The next pair of the family. The token given may be shown again until one that it brought is exchanged
   * in its turn: an answer lost on a weak network signs nobody out. Of two that it brought the first one shown
   * counts. Access tokens of earlier pairs live until they expire.
   */
  refresh(token: string): Exchange
  readonly check: AccessCheck
  /** Deletes what has expired for a day: until then it is told as expired. */
  forgetExpired(): void
  /** Forgets all sessions, as a server does that has lost them. */
  forgetAll(): void
}

/** Options of sessions. */
export interface SessionOptions {
  /** How long an access token is good for, in seconds. Default 300. */
  readonly tokenLifeS?: number
  /** For `now`. */
  readonly time: Time
}

/** How long after its last refresh a session ends. */
export const REFRESH_LIFE_MS = 30 * 24 * 3_600_000
/** For how long an expired token is remembered, so that its owner hears why. */
const REMEMBERED_MS = 24 * 3_600_000

const newToken = (): string => randomBytes(32).toString('base64url')
const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text)
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

interface Refresh {
  readonly family: string
  readonly user: string
  /** `used`: exchanged, and nothing that it brought was. `revoked`: whoever shows it should not have it any more. */
  readonly state: 'fresh' | 'used' | 'revoked'
  readonly expiresAt: number
  readonly parent: string | null
}

/** The sessions in this database. */
export function createSessions(database: Database, { tokenLifeS = 300, time }: SessionOptions): Sessions {
  const { sql } = database
  const addAccess = sql.prepare('INSERT INTO accessTokens VALUES (?, ?, ?, ?)')
  const findAccess = sql.prepare('SELECT user, expiresAt FROM accessTokens WHERE hash = ?')
  const endAccess = sql.prepare('DELETE FROM accessTokens WHERE family = ?')
  const addRefresh = sql.prepare("INSERT INTO refreshTokens VALUES (?, ?, ?, 'fresh', ?, ?)")
  const findRefresh = sql.prepare(
    'SELECT family, user, state, expiresAt, parent FROM refreshTokens WHERE hash = ?',
  )
  const use = sql.prepare("UPDATE refreshTokens SET state = 'used' WHERE hash = ?")
  /** Its owner has it: the one that it was exchanged for is over, and so are others that came of that. */
  const arrive = sql.prepare(
    "UPDATE refreshTokens SET state = 'revoked' WHERE (hash = $parent OR parent = $parent) AND hash <> $hash",
  )
  const revoke = sql.prepare("UPDATE refreshTokens SET state = 'revoked' WHERE family = ?")
  const oldAccess = sql.prepare('DELETE FROM accessTokens WHERE expiresAt <= ?')
  const oldRefresh = sql.prepare('DELETE FROM refreshTokens WHERE expiresAt <= ?')

  function issue(family: string, user: string, parent: string | null): Pair {
    const pair = { accessToken: newToken(), expiresInS: tokenLifeS, refreshToken: newToken() }
    addAccess.run(hashOf(pair.accessToken), family, user, time.now() + tokenLifeS * 1000)
    addRefresh.run(hashOf(pair.refreshToken), family, user, time.now() + REFRESH_LIFE_MS, parent)
    return pair
  }

  function exchange(hash: string): Exchange {
    const known = findRefresh.get(hash) as Refresh | undefined
    if (!known) return { name: 'unknown' }
    if (known.state === 'revoked') {
      endAccess.run(known.family)
      revoke.run(known.family)
      return { name: 'reused' }
    }
    if (known.expiresAt <= time.now()) return { name: 'expired' }
    arrive.run({ parent: known.parent, hash })
    use.run(hash)
    return { name: 'pair', pair: issue(known.family, known.user, hash) }
  }

  return {
    login: (user) => database.transaction(() => issue(randomUUID(), user, null)),
    refresh: (token) =>
      isToken(token) ? database.transaction(() => exchange(hashOf(token))) : { name: 'unknown' },
    check(token) {
      if (!isToken(token)) return { name: 'malformed' }
      const known = findAccess.get(hashOf(token)) as { user: string; expiresAt: number } | undefined
      if (!known) return { name: 'unknown' }
      return known.expiresAt > time.now() ? { name: 'valid', ...known } : { name: 'expired' }
    },
    forgetExpired() {
      const before = time.now() - REMEMBERED_MS
      oldAccess.run(before)
      oldRefresh.run(before)
    },
    forgetAll() {
      sql.exec('DELETE FROM accessTokens; DELETE FROM refreshTokens')
    },
  }
}
