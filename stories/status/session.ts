/** A service whose session ends when it is told to, and an application that signs in to it. */
import { http, HttpResponse } from 'msw'
import { createNetwork, manualClock, type ManualClock, type Network } from '../../mocks/index.js'
import { attachFetch } from '../../src/http/fetch.js'
import {
  createConnection,
  createStatus,
  HoldfastError,
  probe,
  type Connection,
  type Status,
} from '../../src/index.js'
import type { HoldfastOptions } from '../../src/vue/index.js'

const BASE = 'https://letters.example'

/** The session with its handles. */
export interface Session {
  readonly clock: ManualClock
  readonly network: Network
  readonly connection: Connection
  readonly status: Status
  readonly parts: HoldfastOptions
  /** What has been delivered, by whom. */
  readonly letters: readonly string[]
  /** The service forgets the token, and takes no refresh. */
  expire(): void
  /** A person signs in: the service knows the token, and the connection is told. */
  signIn(person: string): void
  /** The person leaves. */
  signOut(): void
  fetch: typeof globalThis.fetch
  dispose(): void
}

/** Makes it; Ann is signed in. */
export function createSession(): Session {
  const clock = manualClock()
  const letters: string[] = []
  let token: string | null = 'ann 1'
  let known: string | null = token
  let last = 1
  const network = createNetwork({
    clock,
    handlers: [
      http.all(`${BASE}/letters`, async ({ request }) => {
        if (known === null || request.headers.get('Authorization') !== `Bearer ${known}`) {
          return new HttpResponse(null, { status: 401 })
        }
        if (request.method === 'POST') letters.push(`${known.split(' ')[0]}: ${await request.text()}`)
        return HttpResponse.json({ letters })
      }),
    ],
  })
  const connection = createConnection({
    probe: probe(`${BASE}/health`, { fetch: network.fetch }),
    signals: [network.signals],
    clock,
    auth: {
      token: () => token,
      refresh: () => Promise.reject(new HoldfastError('unauthorized')),
    },
  })
  const attached = attachFetch(network.fetch, { connection })
  const status = createStatus({ connections: connection, sources: [attached] })
  return {
    clock,
    network,
    connection,
    status,
    parts: { connections: { letters: connection }, status },
    letters,
    expire: () => void (known = null),
    signIn(person) {
      token = known = `${person} ${++last}`
      connection.signedIn()
    },
    signOut() {
      token = known = null
      connection.signedOut()
    },
    fetch: (input, init) =>
      attached.fetch(input as string, {
        ...(init as Parameters<typeof attached.fetch>[1]),
        headers: { Authorization: `Bearer ${token}` },
      }),
    dispose() {
      attached.detach()
      network.dispose()
    },
  }
}

/** Where letters are sent. */
export const LETTERS = `${BASE}/letters`
