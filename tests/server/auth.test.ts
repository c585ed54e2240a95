import { afterEach, describe, expect, test } from 'vitest'
import type { AppOptions } from '../../server/app.js'
import { REFRESH_LIFE_MS } from '../../server/auth/sessions.js'
import { CLEANING_MS } from '../../server/cleaning.js'
import { KEY_LIFE_MS } from '../../server/idempotency.js'
import { openSocket, openStream, poll, sendMessage } from '../support/live-client.js'
import { startServer } from '../support/live-server.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

interface Pair {
  accessToken: string
  expiresInS: number
  refreshToken: string
}

async function serve(options: Partial<AppOptions> = {}) {
  const server = await startServer({ auth: 'required', ...options })
  stops.push(server.stop)
  const { app, origin } = server
  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers })
  return {
    ...server,
    post,
    login: async (user = 'ada') => (await post('/auth/login', { user })).json<Pair>(),
    refresh: (refreshToken: string) => post('/auth/refresh', { refreshToken }),
    orders: (token?: string) =>
      app.inject({
        url: '/orders',
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      }),
    async dial(token?: string) {
      const socket = await openSocket(origin, token === undefined ? {} : { token })
      stops.push(socket.cut)
      return socket
    },
  }
}

const typeOf = (answer: { statusCode: number; json(): unknown }) => [
  answer.statusCode,
  (answer.json() as { type?: string }).type,
]

describe('tokens', () => {
  test('a login brings a pair, and the access token lets in', async () => {
    const { login, orders, app } = await serve()
    const pair = await login()
    expect(pair).toMatchObject({ expiresInS: 300 })
    expect(pair.accessToken).toMatch(/^[\w-]{43}$/)
    expect((await orders(pair.accessToken)).statusCode).toBe(200)
    expect((await app.inject('/health')).statusCode).toBe(204)
    expect((await app.inject('/nowhere')).statusCode).toBe(404)
  })

  test('R19 without one, with none of ours, expired, of a lost session: 401, each with its type', async () => {
    const { login, orders, time, app } = await serve()
    const { accessToken } = await login()
    const none = await orders()
    expect([...typeOf(none), none.headers['www-authenticate']]).toEqual([
      401,
      'unauthorized',
      'Bearer realm="holdfast"',
    ])
    expect(typeOf(await orders('nonsense'))).toEqual([401, 'unauthorized'])
    expect(typeOf(await orders(`${accessToken.slice(0, -1)}_`))).toEqual([401, 'session_unknown'])
    time.advance(299_999)
    expect((await orders(accessToken)).statusCode).toBe(200)
    time.advance(1)
    const expired = await orders(accessToken)
    expect(typeOf(expired)).toEqual([401, 'token-expired'])
    expect(expired.headers['www-authenticate']).toBe('Bearer realm="holdfast", error="invalid_token"')
    await app.inject({ method: 'POST', url: '/test/forget-sessions' })
    expect(typeOf(await orders(accessToken))).toEqual([401, 'session_unknown'])
  })

  test('I17 a refresh token whose successor was used, shown again, ends the whole family, and no other', async () => {
    const { login, refresh, orders } = await serve()
    const [ada, bob] = [await login('ada'), await login('bob')]
    const second = (await refresh(ada.refreshToken)).json<Pair>()
    expect(second.refreshToken).not.toBe(ada.refreshToken)
    // What is under way with the old access token is not hurt.
    expect((await orders(ada.accessToken)).statusCode).toBe(200)
    expect((await orders(second.accessToken)).statusCode).toBe(200)
    const third = (await refresh(second.refreshToken)).json<Pair>()
    expect(typeOf(await refresh(ada.refreshToken))).toEqual([401, 'refresh-reused'])
    for (const { accessToken, refreshToken } of [second, third]) {
      expect(typeOf(await refresh(refreshToken))).toEqual([401, 'refresh-reused'])
      expect(typeOf(await orders(accessToken))).toEqual([401, 'session_unknown'])
    }
    expect((await orders(bob.accessToken)).statusCode).toBe(200)
    expect((await refresh(bob.refreshToken)).statusCode).toBe(200)
    expect(typeOf(await refresh('x'.repeat(43)))).toEqual([401, 'session_unknown'])
  })

  test('I17 a refresh whose answer is lost is asked again, however often: nobody is signed out', async () => {
    const { login, refresh, orders } = await serve()
    const first = await login()
    const lost = [await refresh(first.refreshToken), await refresh(first.refreshToken)]
    const second = (await refresh(first.refreshToken)).json<Pair>()
    expect((await orders(second.accessToken)).statusCode).toBe(200)
    await refresh(second.refreshToken)
    const third = (await refresh(second.refreshToken)).json<Pair>()
    expect((await orders(third.accessToken)).statusCode).toBe(200)
    // None of those that nobody received opens anything once another of them was used.
    for (const answer of lost)
      expect(typeOf(await refresh(answer.json<Pair>().refreshToken))).toEqual([401, 'refresh-reused'])
    expect(typeOf(await refresh(third.refreshToken))).toEqual([401, 'refresh-reused'])
  })

  test('I17 a repetition that arrives after the answer was received hurts nobody before the next exchange', async () => {
    const { login, refresh } = await serve()
    const first = await login()
    const received = (await refresh(first.refreshToken)).json<Pair>()
    const late = (await refresh(first.refreshToken)).json<Pair>()
    expect((await refresh(received.refreshToken)).statusCode).toBe(200)
    expect(typeOf(await refresh(late.refreshToken))).toEqual([401, 'refresh-reused'])
  })

  test('a refresh token that has expired is told so, exchanged before or not', async () => {
    const { login, refresh, time } = await serve()
    const { refreshToken } = await login()
    await refresh(refreshToken)
    time.advance(REFRESH_LIFE_MS)
    expect(typeOf(await refresh(refreshToken))).toEqual([401, 'token-expired'])
  })

  test('sessions survive a restart, and no token is in the database', async () => {
    const old = await serve()
    const { accessToken, refreshToken } = await old.login()
    await old.stop()
    const { orders, refresh, database } = await serve({ database: old.database })
    expect((await orders(accessToken)).statusCode).toBe(200)
    const tables = ['accessTokens', 'refreshTokens'].map((table) =>
      database.sql.prepare(`SELECT * FROM ${table}`).all(),
    )
    for (const token of [accessToken, refreshToken]) expect(JSON.stringify(tables)).not.toContain(token)
    expect((await refresh(refreshToken)).statusCode).toBe(200)
  })

  test.each([[{}], [{ user: '' }], [{ user: 'a b' }], [{ user: 1 }], [{ user: 'x'.repeat(65) }]])(
    'a login as %j is a 400 that says where',
    async (body) => {
      const { post } = await serve()
      const answer = await post('/auth/login', body)
      expect(answer.statusCode).toBe(400)
      expect(answer.json().errors).toMatchObject([{ pointer: '/user' }])
    },
  )
})

test('I14 keys and ids belong to their user', async () => {
  const { login, post, origin } = await serve()
  const [ada, bob] = [await login('ada'), await login('bob')]
  const order = (token: string) =>
    post('/orders', { item: 'tea', qty: 1 }, { authorization: `Bearer ${token}`, 'idempotency-key': '"k"' })
  expect((await order(ada.accessToken)).headers['idempotent-replayed']).toBeUndefined()
  expect((await order(bob.accessToken)).headers['idempotent-replayed']).toBeUndefined()
  expect((await order(bob.accessToken)).headers['idempotent-replayed']).toBe('true')
  const send = (token: string) => sendMessage(origin, { id: 'm', topic: 'chat', data: 1 }, token)
  expect([
    await send(ada.accessToken),
    await send(bob.accessToken),
    await send(ada.accessToken),
  ]).toMatchObject([{ body: { offset: 3 } }, { body: { offset: 4 } }, { body: { offset: 3 } }])
})

describe('sockets', () => {
  test('say HELLO after AUTH; anything else before it is closed 4401', async () => {
    const { login, dial } = await serve()
    const { accessToken } = await login()
    const socket = await dial(accessToken)
    expect(await socket.heard('HELLO')).toMatchObject({ session: 'known' })
    const hasty = await dial()
    hasty.say({ type: 'SUBSCRIBE', topic: 'chat' })
    expect(await hasty.closed).toMatchObject({ code: 4401, reason: 'AUTH comes first', wasClean: true })
    expect(hasty.frames).toEqual([])
  })

  test('without AUTH for five seconds: 4401', async () => {
    const { dial, time, app } = await serve()
    const socket = await dial()
    await app.inject('/health')
    time.advance(4999)
    expect(socket.raw.readyState).toBe(socket.raw.OPEN)
    time.advance(1)
    expect(await socket.closed).toMatchObject({ code: 4401 })
  })

  test('an expired token and none of ours: 4401; one of a lost session: HELLO says unknown, and 4402', async () => {
    const { login, dial, time } = await serve()
    const { accessToken } = await login()
    expect(await (await dial('nonsense')).closed).toMatchObject({ code: 4401, reason: 'unauthorized' })
    const stranger = await dial('x'.repeat(43))
    expect(await stranger.closed).toMatchObject({ code: 4402, reason: 'session_unknown' })
    expect(stranger.frames).toMatchObject([{ type: 'HELLO', session: 'unknown' }])
    time.advance(300_000)
    expect(await (await dial(accessToken)).closed).toMatchObject({ code: 4401, reason: 'token-expired' })
  })

  test('I18 when its token expires a socket is closed 4401, unless it has shown a newer one', async () => {
    const { login, refresh, dial, time } = await serve({ live: { heartbeatMs: 600_000 } })
    const pair = await login()
    const [plain, renewed] = [await dial(pair.accessToken), await dial(pair.accessToken)]
    await Promise.all([plain.heard('HELLO'), renewed.heard('HELLO')])
    time.advance(200_000)
    const next = (await refresh(pair.refreshToken)).json<Pair>()
    renewed.say({ type: 'AUTH', token: next.accessToken })
    await renewed.heard('HELLO')
    plain.say({ type: 'PING' })
    await plain.heard('PONG')
    time.advance(100_000)
    expect(await plain.closed).toMatchObject({ code: 4401, reason: 'token-expired' })
    renewed.say({ type: 'PING' })
    await renewed.heard('PONG')
  })

  test('the token of another user does not turn a conversation into his', async () => {
    const { login, dial } = await serve()
    const socket = await dial((await login('ada')).accessToken)
    await socket.heard('HELLO')
    socket.say({ type: 'AUTH', token: (await login('bob')).accessToken })
    expect(await socket.closed).toMatchObject({ code: 1008 })
  })

  test('a lost session ends sockets with 4402, streams, and polls with 401', async () => {
    const { login, dial, app, origin } = await serve()
    const { accessToken: token } = await login()
    const socket = await dial(token)
    await socket.heard('HELLO')
    const stream = await openStream(origin, { topics: ['chat'], token })
    await stream.heard('RESUMED')
    const { cursor } = await poll(origin, { topics: ['chat'], token })
    const held = poll(origin, { topics: ['chat'], token, cursor })
    await poll(origin, { topics: ['chat'], token })
    await app.inject({ method: 'POST', url: '/test/forget-sessions' })
    expect(await socket.closed).toMatchObject({ code: 4402 })
    expect(await stream.closed).toMatchObject({ wasClean: true })
    const answer = await held
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([401, { type: 'session_unknown' }])
  })
})

test('I18 streams end and polls are answered when their token expires; then it is a 401', async () => {
  const { login, origin, time } = await serve({ live: { heartbeatMs: 600_000 } })
  const { accessToken: token } = await login()
  const stream = await openStream(origin, { topics: ['chat'], token })
  await stream.heard('RESUMED')
  const { cursor } = await poll(origin, { topics: ['chat'], token })
  time.advance(299_000)
  const held = poll(origin, { topics: ['chat'], token, cursor })
  await poll(origin, { topics: ['chat'], token })
  time.advance(1000)
  expect(await stream.closed).toMatchObject({ wasClean: true })
  expect(await held).toMatchObject({ status: 200, frames: [] })
  expect(JSON.parse((await poll(origin, { topics: ['chat'], token, cursor })).body)).toMatchObject({
    type: 'token-expired',
  })
  expect((await openStream(origin, { topics: ['chat'], token })).trace[0]).toMatchObject({ status: 401 })
})

test('what has expired is deleted also while nobody asks for anything', async () => {
  const { login, post, database, time } = await serve()
  const { accessToken } = await login()
  await post(
    '/orders',
    { item: 'tea', qty: 1 },
    { authorization: `Bearer ${accessToken}`, 'idempotency-key': '"k"' },
  )
  const rows = () =>
    ['answers', 'accessTokens'].map(
      (table) => database.sql.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'],
    )
  time.advance(KEY_LIFE_MS - CLEANING_MS)
  expect(rows()).toEqual([1, 1])
  time.advance(2 * CLEANING_MS)
  expect(rows()).toEqual([0, 0])
})
