import { expect, test } from 'vitest'
import { manualClock, type ManualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createGuard, type DegradeNews, type GuardOptions } from '../../src/guard/index.js'
import { createConnection, fixed, HoldfastError } from '../../src/index.js'
import type { Connection, ConnectionEvent, Probe } from '../../src/index.js'

/** What the feature does when it is asked. */
type Feature = { afterMs: number; gives: unknown; rejects?: unknown }

function rig(options: Partial<GuardOptions> = {}) {
  const clock = (options.clock as ManualClock | undefined) ?? manualClock()
  const feature: Feature = { afterMs: 10, gives: 12 }
  const news: DegradeNews[] = []
  let asked = 0
  const guard = createGuard({
    name: 'stock',
    slowAfterMs: 800,
    rest: fixed(5_000),
    clock,
    random: seededRandom(1),
    onDegrade: (one) => news.push(one),
    ...options,
  })
  const ask = (signal?: AbortSignal) => {
    asked++
    const { afterMs, gives, rejects } = feature
    return new Promise<unknown>((resolve, reject) => {
      clock.setTimeout(() => (rejects ? reject(rejects as Error) : resolve(gives)), afterMs)
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
  /** A call, and what has become of it after so long. */
  async function call(key = '42', forMs = 100) {
    const answer = guard.call(ask, { key }).catch((error: unknown) => error)
    await clock.advance(forMs)
    return answer
  }
  async function degrade() {
    Object.assign(feature, { rejects: new TypeError('nothing came back') })
    for (let times = 0; times < 5; times++) await call('42', 20)
    expect(guard.state.name).toBe('open')
  }
  return { clock, feature, guard, news, ask, call, degrade, asked: () => asked }
}

const answered = (status: number, headers: object = {}) =>
  Object.assign(new Error(), { response: { status, headers } })

test('R32: stock that answers after 800 ms is broken: the kept estimate is handed out with its age, and operations hear of it once', async () => {
  const { clock, feature, guard, news, call, asked } = rig()
  expect(await call()).toEqual({ value: 12, at: expect.any(Number), ageMs: 0, stale: null })
  feature.afterMs = 2_000
  for (let times = 0; times < 4; times++) {
    expect(await call('42', 900)).toMatchObject({ value: 12, stale: 'slow' })
  }
  expect([guard.state.name, asked()]).toEqual(['open', 5])
  await clock.advance(1_000)
  expect(await call()).toMatchObject({ value: 12, stale: 'resting' })
  expect([asked(), news.map(({ type, name, tally }) => [type, name, tally])]).toEqual([
    5,
    [['degraded', 'stock', { calls: 5, bad: 4 }]],
  ])
})

test('R32: whoever waits gets the kept estimate at 800 ms, and the answer when it comes after all', async () => {
  const { clock, feature, guard, ask, call } = rig()
  await call()
  Object.assign(feature, { afterMs: 2_000, gives: 7 })
  const seen: unknown[] = []
  const begun = clock.now()
  void guard
    .call(ask, { key: '42', onLate: ({ value, stale }) => seen.push([clock.now() - begun, value, stale]) })
    .then(({ value, stale, ageMs }) => seen.push([clock.now() - begun, value, stale, ageMs]))
  await clock.advance(3_000)
  expect(seen).toEqual([
    [800, 12, 'slow', 890],
    [2_000, 7, null],
  ])
  feature.afterMs = 10
  expect(await call()).toMatchObject({ value: 7, stale: null })
  void guard.call(ask, { key: '42', onLate: () => seen.push('late') })
  await clock.advance(100)
  expect(seen).toHaveLength(2)
})

test('R32: with nothing kept one waits for as long as it takes, and is refused without a request while it rests', async () => {
  const { feature, guard, call, asked } = rig()
  feature.afterMs = 1_500
  for (let times = 0; times < 5; times++) {
    expect(await call(`${times}`, 1_500)).toMatchObject({ value: 12, stale: null })
  }
  const refused = (await call('new', 0)) as HoldfastError
  expect([refused.code, refused.message, asked(), guard.state.name]).toEqual([
    'link-down',
    'The service cannot be reached; this was not sent: stock is left alone for a while: 5 of 5 calls were slow or failed [link-down]',
    5,
    'open',
  ])
})

test('B15: when it is well again it is asked again, and operations hear of that once, too', async () => {
  const { clock, feature, guard, news, call, degrade } = rig()
  await call()
  await degrade()
  const states: string[] = []
  guard.subscribe(({ name }) => states.push(name))
  await clock.advance(5_000)
  await call()
  expect(states).toEqual(['half-open', 'open'])
  Object.assign(feature, { rejects: undefined, gives: 3 })
  await clock.advance(5_000)
  expect(await call()).toMatchObject({ value: 3, stale: null })
  expect(states).toEqual(['half-open', 'open', 'half-open', 'closed'])
  expect(news.map(({ type }) => type)).toEqual(['degraded', 'restored'])
  expect(news[1]!.since).toBe(news[0]!.at)
})

test('I26: while it is open, of a hundred callers one asks', async () => {
  const { clock, guard, ask, degrade, asked } = rig()
  await degrade()
  const before = asked()
  await clock.advance(5_000)
  void Promise.allSettled(Array.from({ length: 100 }, () => guard.call(ask)))
  await clock.advance(0)
  expect(asked() - before).toBe(1)
})

test('a refusal is the work of a feature that is well, and the error is the caller’s', async () => {
  const { feature, guard, call } = rig()
  await call()
  for (const rejects of [
    ...[400, 401, 403, 404, 409, 412, 422].map((status) => answered(status)),
    Object.assign(new Error(), { status: 404 }),
    ...(['rejected', 'conflict', 'unauthorized'] as const).map((code) => new HoldfastError(code)),
  ]) {
    feature.rejects = rejects
    expect(await call()).toBe(rejects)
  }
  expect(guard.state.name).toBe('closed')
})

test('R33: what a server cannot do is bad: 408, 425, 429 and 5xx, nothing at all, and a time that is over', async () => {
  for (const rejects of [
    ...[408, 425, 429, 500, 502, 503, 504].map((status) => answered(status)),
    Object.assign(new Error(), { status: 500 }),
    new HoldfastError('timeout'),
    new TypeError('Failed to fetch'),
    new DOMException('', 'TimeoutError'),
  ]) {
    const { feature, guard, call } = rig()
    await call()
    feature.rejects = rejects
    for (let times = 0; times < 4; times++) expect(await call()).toMatchObject({ value: 12, stale: 'failed' })
    expect(guard.state.name).toBe('open')
  }
})

test('R32: a Retry-After is a floor of its rest', async () => {
  const { clock, feature, guard, call } = rig({ minCalls: 1 })
  feature.rejects = answered(503, { 'retry-after': '60' })
  await call('42', 10)
  expect(guard.state).toMatchObject({ name: 'open', until: clock.now() + 60_000 })
})

test('what the caller gives up, and what was never sent, is no evidence', async () => {
  const { feature, guard, ask, call, clock } = rig({ minCalls: 1 })
  for (const rejects of [
    ...(['paused', 'hold-full', 'signed-out', 'gave-up', 'link-down'] as const).map(
      (code) => new HoldfastError(code),
    ),
    new DOMException('', 'AbortError'),
    Object.assign(new Error(), { name: 'CanceledError' }),
  ]) {
    feature.rejects = rejects
    await call()
  }
  Object.assign(feature, { rejects: undefined })
  await call()
  feature.afterMs = 700
  const leave = new AbortController()
  const given = guard.call(ask, { key: '42', signal: leave.signal }).catch((error: unknown) => error)
  await clock.advance(100)
  leave.abort(new Error('left'))
  expect([await given, guard.state.name]).toEqual([leave.signal.reason, 'closed'])
  await expect(guard.call(ask, { signal: leave.signal })).rejects.toBe(leave.signal.reason)
})

test('I19: where no call is too slow, the one that tries has ten seconds', async () => {
  const { clock, feature, guard, call, degrade } = rig({ slowAfterMs: null })
  await degrade()
  await clock.advance(5_000)
  Object.assign(feature, { rejects: undefined, afterMs: Infinity })
  void call('42', 0)
  await clock.advance(9_999)
  expect(guard.state.name).toBe('half-open')
  await clock.advance(1)
  expect(guard.state.name).toBe('open')
})

test('answers are kept by their keys, no longer than their time, and no more than there is room for', async () => {
  const { clock, feature, guard, call, degrade } = rig({ maxKept: 2, maxAgeMs: 60_000 })
  for (const [key, gives] of Object.entries({ a: 1, b: 2 })) {
    feature.gives = gives
    await call(key)
  }
  await call('a')
  feature.gives = 3
  await call('c')
  await degrade()
  expect(guard.state.name).toBe('open')
  expect(await call('b', 0)).toMatchObject({ code: 'link-down' })
  expect(await call('c', 0)).toMatchObject({ value: 3, stale: 'resting' })
  await clock.advance(60_000)
  feature.rejects = undefined
  expect(await call('c', 800)).toMatchObject({ value: 3, stale: null })
})

/** A guard of a service that can be cut off. */
async function connected(options: Partial<GuardOptions> = {}) {
  const clock = manualClock()
  const health = { isWell: true }
  const probe: Probe = async (signal) => {
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, 50)
      signal.addEventListener('abort', () => resolve())
    })
    return health.isWell ? { kind: 'good' } : { kind: 'failed' }
  }
  const connection = createConnection({ probe, clock, random: seededRandom(2) })
  connection.start()
  await clock.advance(100)
  expect(connection.state.link.name).toBe('online')
  return { health, connection, ...rig({ connection, clock, minCalls: 2, ...options }), clock }
}

test('B15: in an outage of the whole service nothing is held against the feature, and what is kept is handed out', async () => {
  const { clock, health, connection, feature, guard, news, ask } = await connected()
  const call = async () => {
    const answer = guard.call(ask, { key: '42' })
    await clock.advance(100)
    return answer
  }
  await call()
  health.isWell = false
  feature.rejects = new TypeError('nothing came back')
  // The first that fails is the suspicion; the health check proves it a moment later.
  const suspicion: ConnectionEvent = { type: 'SUSPICION', cause: 'server' }
  const first = [
    guard.call(ask, { key: '42' }),
    guard.call(ask, { key: '42' }),
    guard.call(ask, { key: '42' }),
  ]
  await clock.advance(5)
  connection.send(suspicion)
  await clock.advance(200)
  expect(connection.state.link.name).not.toBe('online')
  for (let times = 0; times < 10; times++) expect(await call()).toMatchObject({ value: 12, stale: 'failed' })
  for (const answer of await Promise.all(first)) expect(answer).toMatchObject({ stale: 'failed' })
  expect([guard.state.name, news]).toEqual(['closed', []])
})

test('R32: a feature that answers 503 is a suspicion each time, and is found out as soon as the service proves to be well', async () => {
  const { clock, connection, feature, guard, ask } = await connected()
  feature.rejects = answered(503)
  for (let times = 0; times < 2; times++) {
    expect(guard.state.name).toBe('closed')
    void guard.call(ask).catch(() => {})
    await clock.advance(5)
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(100)
    connection.signedIn()
    connection.signedOut()
  }
  expect([connection.state.link.name, guard.state.name]).toEqual(['online', 'open'])
  expect(guard.state).toMatchObject({ tally: { calls: 2, bad: 2 } })
})

test('B15: what was asked in an outage is no evidence, also where it ends after it', async () => {
  const { clock, health, connection, feature, guard, ask } = await connected({ minCalls: 1 })
  health.isWell = false
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(100)
  Object.assign(feature, { rejects: new TypeError('nothing came back'), afterMs: 700 })
  const asked = guard.call(ask).catch((error: unknown) => error)
  health.isWell = true
  connection.retryNow()
  await clock.advance(200)
  expect(connection.state.link.name).toBe('online')
  await clock.advance(600)
  expect([await asked, guard.state.name]).toEqual([feature.rejects, 'closed'])
})

test('I14 I15: whoever signs out takes their answers with them, and what they have asked for is kept for nobody else', async () => {
  const { clock, connection, feature, guard, ask } = await connected()
  void guard.call(ask, { key: '42' })
  await clock.advance(100)
  Object.assign(feature, { afterMs: 500, gives: 'theirs' })
  void guard.call(ask, { key: 'late' })
  connection.signedOut()
  await clock.advance(600)
  feature.rejects = new TypeError('nothing came back')
  for (const key of ['42', 'late']) {
    const next = guard.call(ask, { key }).catch((error: unknown) => error)
    await clock.advance(600)
    expect(await next).toBe(feature.rejects)
  }
})

test('I14: whoever has left gets nothing that was kept for the next', async () => {
  const { clock, connection, feature, guard, ask } = await connected()
  Object.assign(feature, { rejects: new TypeError('nothing came back'), afterMs: 700 })
  const theirs = guard.call(ask, { key: '42' }).catch((error: unknown) => error)
  connection.signedOut()
  Object.assign(feature, { rejects: undefined, afterMs: 10 })
  void guard.call(ask, { key: '42' })
  await clock.advance(1_000)
  expect(await theirs).toBeInstanceOf(TypeError)
})

test('nothing is left behind: no timer after a call, and no listener after dispose', async () => {
  const { connection, ...stage } = await connected()
  stage.guard.dispose()
  let heard = 0
  const counted: Connection = Object.create(connection, {
    subscribe: {
      value: (listener: () => void) => {
        heard++
        const stop = connection.subscribe(listener)
        return () => (heard--, stop())
      },
    },
  }) as Connection
  const { clock, guard, ask } = rig({ connection: counted, clock: stage.clock })
  connection.stop()
  void guard.call(ask)
  await clock.advance(1_000)
  expect([clock.pending(), heard]).toEqual([0, 1])
  connection.start()
  await clock.advance(1_000)
  void guard.call(ask)
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(20)
  expect(heard).toBe(2)
  guard.dispose()
  expect(heard).toBe(0)
})

test.each([
  [{ name: '' }, 'createGuard.name is ""; allowed: a text that is not empty'],
  [{ slowAfterMs: 0 }, 'createGuard.slowAfterMs is 0; allowed: a number from 1 to 600000'],
  [{ badShare: 40 }, 'createGuard.badShare is 40; allowed: a number from 0 to 1'],
  [{ minCalls: 2.5 }, 'createGuard.minCalls is 2.5; allowed: a whole number from 1 to 10000'],
  [{ rest: 5_000 }, 'createGuard.rest is 5000; allowed: a schedule'],
  [{ fallback: 3 }, 'createGuard.fallback is not an option; allowed: name, connection'],
])('a guard says of %j what is wrong with it', (options, message) => {
  expect(() => createGuard({ name: 'stock', ...options } as unknown as GuardOptions)).toThrow(message)
})
