/** One core, two platforms: what attachHttp and attachFetch make of the same situations. */
import axios, { isAxiosError, isCancel } from 'axios'
import { HttpResponse } from 'msw'
import { describe, expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { fixed } from '../../src/core/schedule.js'
import { attachFetch } from '../../src/http/fetch.js'
import { attachHttp, type HttpOptions } from '../../src/http/index.js'
import { BASE, createWorld, type World } from './rig.js'

/** What an application asks, and how. */
interface Asking {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

type Ask = (path: string, asking?: Asking) => Promise<string>

/** What became of it, in words that know nothing of the platform. */
function nameOf(error: unknown): string {
  if (isHoldfastError(error)) return error.code
  if (isCancel(error) || (error as Error).name === 'AbortError') return 'cancelled'
  if (isAxiosError(error) && error.response) return `status ${error.response.status}`
  return error instanceof TypeError || isAxiosError(error) ? 'network error' : String(error)
}

const PLATFORMS = {
  attachHttp({ network }: World, options: HttpOptions): Ask {
    const api = axios.create({ baseURL: BASE, adapter: network.axiosAdapter })
    attachHttp(api, options)
    return (url, { method = 'GET', ...rest } = {}) =>
      api
        .request({ url, method, ...(method === 'POST' ? { data: { id: 1 } } : {}), ...rest })
        .then(({ status }) => `status ${status}`, nameOf)
  },
  attachFetch({ network }: World, options: HttpOptions): Ask {
    const { fetch } = attachFetch(network.fetch, options)
    return (path, { method = 'GET', ...rest } = {}) =>
      fetch(`${BASE}${path}`, { method, ...(method === 'POST' ? { body: '{"id":1}' } : {}), ...rest }).then(
        ({ status }) => `status ${status}`,
        nameOf,
      )
  },
}

interface Situation {
  readonly name: string
  readonly asking?: Asking
  readonly options?: Partial<HttpOptions>
  /** Before it is asked. */
  readonly given?: (world: World) => void | Promise<void>
  /** While it is on its way; default: a minute passes. */
  readonly then?: (world: World) => Promise<void>
  readonly outcome: string
  readonly attempts: number
}

const only = { path: '/orders' }
const post = { method: 'POST' } as const
const bearer = { headers: { Authorization: 'Bearer old' } }
const abort = new AbortController()

const SITUATIONS: Situation[] = [
  { name: 'all is well', outcome: 'status 200', attempts: 1 },
  {
    name: 'R04: the server fails twice',
    given: ({ network }) => void network.apply(twice({ type: 'status', code: 500 })),
    outcome: 'status 200',
    attempts: 3,
  },
  {
    name: 'R04: the server fails for ever',
    given: ({ network }) => void network.apply({ type: 'status', code: 500, only }),
    outcome: 'status 500',
    attempts: 6,
  },
  {
    name: 'a refusal is final',
    given: ({ network }) => void network.apply({ type: 'status', code: 404, only }),
    outcome: 'status 404',
    attempts: 1,
  },
  {
    name: 'I27: a write fails with an unknown outcome',
    asking: post,
    given: ({ network }) => void network.apply(twice({ type: 'status', code: 500 })),
    outcome: 'status 500',
    attempts: 1,
  },
  {
    name: 'I27: a write fails with an unknown outcome, and keys are honoured',
    asking: post,
    options: { idempotency: 'honoured' },
    given: ({ network }) => void network.apply(twice({ type: 'status', code: 500 })),
    outcome: 'status 201',
    attempts: 3,
  },
  {
    name: 'I24: a write is told to wait',
    asking: post,
    given: ({ network }) => void network.apply(twice({ type: 'status', code: 429, retryAfter: 3 })),
    outcome: 'status 201',
    attempts: 3,
  },
  {
    name: 'P4: asked while the link is down',
    given: (world) => world.lose(),
    then: (world) => world.recover(),
    outcome: 'status 200',
    attempts: 1,
  },
  {
    name: 'a read’s answer is lost',
    given: ({ network }) => void network.apply(twice({ type: 'reset' })),
    outcome: 'status 200',
    attempts: 2,
  },
  {
    name: 'a write’s answer is lost',
    asking: post,
    given: ({ network }) => void network.apply(twice({ type: 'reset' })),
    outcome: 'network error',
    attempts: 1,
  },
  {
    name: 'I17: the token has expired',
    asking: bearer,
    given: ({ network }) => void network.apply({ type: 'unauthorized', only }),
    outcome: 'status 200',
    attempts: 2,
  },
  {
    name: 'I28: a page of somebody else is no success',
    given: ({ network }) => void network.apply({ type: 'portal', only }),
    outcome: 'not-ours',
    attempts: 6,
  },
  {
    name: 'JSON that is only called HTML is the service’s',
    given: ({ on }) =>
      on('/orders', () => new HttpResponse(' {"a":1}', { headers: { 'content-type': 'text/html' } })),
    outcome: 'status 200',
    attempts: 1,
  },
  {
    name: 'aborted while held',
    asking: { signal: abort.signal },
    given: (world) => world.lose(),
    then: async ({ clock }) => {
      abort.abort()
      await clock.settle()
    },
    outcome: 'cancelled',
    attempts: 0,
  },
  {
    name: 'held in vain',
    given: (world) => world.lose(),
    then: ({ clock }) => clock.advance(120_000),
    outcome: 'gave-up',
    attempts: 0,
  },
  {
    name: 'offline by choice',
    given: ({ connection }) => connection.setIntent('offline'),
    outcome: 'paused',
    attempts: 0,
  },
]

function twice(fault: { type: 'reset' } | { type: 'status'; code: number; retryAfter?: number }) {
  return { type: 'failTimes' as const, n: 2, fault: { ...fault, only } }
}

describe.each(Object.entries(PLATFORMS))('B22: %s', (_, attach) => {
  test.each(SITUATIONS)('$name: $outcome, $attempts attempts', async ({ asking, options, ...situation }) => {
    const world = createWorld({ auth: { token: () => 'new', refresh: () => Promise.resolve() } })
    const { connection, clock } = world
    const ask = attach(world, { connection, schedule: fixed(1_000), ...options })
    await world.online()
    await situation.given?.(world)
    let outcome = 'pending'
    void ask('/orders', asking).then((name) => (outcome = name))
    await clock.settle()
    await (situation.then?.(world) ?? clock.advance(60_000))
    expect(outcome).toBe(situation.outcome)
    expect(world.attempts('/orders')).toBe(situation.attempts)
    const keys = world.got.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBeLessThanOrEqual(1)
  })
})
