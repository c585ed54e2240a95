/** The tokens of those who take part. */
import { HoldfastError, type AuthPort, type Clock } from '../../../src/index.js'

/** So long takes a renewal: what closes for want of a token does so no longer. */
const RENEWAL_MS = 300

/** Tokens of nobody's making: a service that asks for none takes any, and `unauthorized` refuses the first. */
export function createTokens(clock: Clock): AuthPort {
  let number = 1
  return {
    token: () => `token-${number}`,
    refresh: () =>
      new Promise((resolve) => {
        clock.setTimeout(() => {
          number += 1
          resolve()
        }, RENEWAL_MS)
      }),
  }
}

/** So long takes a person who signs in anew: all others are told of it meanwhile. */
const SIGN_IN_MS = 1_500

/** The session of one person, whom all have in common. */
export interface SharedSession {
  readonly auth: AuthPort
  /** The session is lost: signs in anew, once for all who say so, and calls each of them. */
  again(signedIn: () => void): void
}

/** Signs in at a service of which nobody knows more: it believes whoever says a name. */
export function createSession(fetch: typeof globalThis.fetch, baseURL: string, clock: Clock): SharedSession {
  const signIn = async (): Promise<string> => {
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${baseURL}/auth/login`, { method: 'POST', headers, body: '{"user":"ada"}' })
    return ((await answer.json()) as { readonly accessToken: string }).accessToken
  }
  let token: Promise<string> | null = null
  let waiting: (() => void)[] = []
  return {
    auth: {
      token: () => (token ??= signIn()),
      // A token of a session that is lost is no token of today's.
      refresh: () => Promise.reject(new HoldfastError('unauthorized', 'the session is not known')),
    },
    again(signedIn) {
      waiting.push(signedIn)
      if (waiting.length > 1) return
      clock.setTimeout(() => {
        token = signIn()
        const all = waiting
        waiting = []
        void token.then(() => all.forEach((tell) => tell()))
      }, SIGN_IN_MS)
    },
  }
}
