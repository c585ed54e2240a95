import { describe, expect, it } from 'vitest'
import { endpointOf, type Endpoint } from '../../src/live/endpoints.js'
import { broken } from '../../src/live/ends.js'
import type { Driver, LineEnd, Transport, Verdict } from '../../src/live/line.js'
import { createRoutes, oneRoute } from '../../src/live/routes.js'
import { createRig, NOTHING, type RigOptions } from './keeper-rig.js'

const A = endpointOf('https://a.example/live')
const B = endpointOf('https://b.example/')
const C = endpointOf('https://c.example/')
const ALL: readonly Transport[] = ['websocket', 'event-stream', 'long-poll']
const driver = (transport: Transport): Driver => ({
  transport,
  open() {
    throw new Error('not dialled here')
  },
})
const end = (verdict: Verdict): LineEnd => ({ ...broken('x'), verdict })

describe('endpoints', () => {
  it('one base gives the URL of each transport, of the same security', () => {
    const hrefs = (base: string) => Object.values(endpointOf(base)).map(({ href }) => href)
    expect(hrefs('https://a.example/live')).toEqual([
      'wss://a.example/live/ws',
      'https://a.example/live/sse',
      'https://a.example/live/poll',
    ])
    expect(hrefs('ws://localhost:8787')).toEqual([
      'ws://localhost:8787/ws',
      'http://localhost:8787/sse',
      'http://localhost:8787/poll',
    ])
    expect(endpointOf('https://a.example', { websocket: 'wss://sockets.example/x' }).websocket!.href).toBe(
      'wss://sockets.example/x',
    )
  })

  it.each([
    ['a user in it', { websocket: new URL('wss://me:secret@a.example/ws') }, /without user and password/],
    ['another scheme', { websocket: new URL('ftp://a.example/') }, /endpoints\[0\]\.websocket/],
    ['a stream over wss', { 'event-stream': new URL('wss://a.example/sse') }, /https or http/],
    ['an unknown transport', { carrier: new URL('wss://a.example/') } as never, /websocket, event-stream/],
  ])('refuses %s, and repeats no password', (_what, endpoint, message) => {
    const refused = () => createRoutes([driver('websocket')], [endpoint])
    expect(refused).toThrow(message)
    expect(refused).not.toThrow(/secret/)
  })

  it('refuses what is insecure beside something secure, and a base that is no URL', () => {
    expect(() => createRoutes([driver('websocket')], [A, endpointOf('http://b.example')])).toThrow(
      /endpoints\[1\]\.websocket is ".*|allowed: wss or https/,
    )
    expect(() => endpointOf('mailto:me@a.example')).toThrow(/channel.url is mailto:/)
    expect(() => endpointOf('::')).toThrow(/a URL/)
  })

  it('a token goes to the hosts of the list alone, whatever the scheme says', () => {
    const routes = createRoutes([driver('websocket')], [A, B])
    expect(routes.allows(new URL('https://a.example/other'))).toBe(true)
    expect(routes.allows(new URL('wss://b.example/'))).toBe(true)
    expect(routes.allows(new URL('wss://c.example/'))).toBe(false)
    expect(routes.allows(new URL('ws://a.example/'))).toBe(false)
    expect(routes.allows(new URL('wss://a.example:8443/'))).toBe(false)
    expect(oneRoute(driver('websocket')).allows(new URL('wss://a.example/'))).toBe(false)
  })
})

describe('the order of ways', () => {
  it('a driver gives way after two misses, at once if it does not work here, and the last to the first', () => {
    const routes = createRoutes(ALL.map(driver), [A])
    const next = () => routes.next(0).driver.transport
    const miss = (verdict: Verdict = 'again') => routes.ended(routes.next(0), end(verdict), false, 0)
    expect([miss(), next()]).toEqual([false, 'websocket'])
    expect([miss(), next()]).toEqual([true, 'event-stream'])
    expect([miss('unsuitable'), next()]).toEqual([true, 'long-poll'])
    expect([miss('needs-auth'), miss('fatal'), next()]).toEqual([false, false, 'long-poll'])
    expect([miss('unsuitable'), next()]).toEqual([false, 'websocket'])
  })

  it('P6 who hands out turns has been reached: they are no misses of the driver, however many', () => {
    const routes = createRoutes(ALL.map(driver), [A])
    const refused: LineEnd = { ...end('later'), retryAfterMs: 5_000 }
    const miss = (how: LineEnd) => routes.ended(routes.next(0), how, false, 0)
    expect([miss(refused), miss(refused), miss(refused)]).toEqual([false, false, false])
    expect(routes.next(0).driver.transport).toBe('websocket')
    // One that does not work here says no turn.
    const routesOf = createRoutes(ALL.map(driver), [A])
    routesOf.ended(routesOf.next(0), { ...end('unsuitable'), retryAfterMs: 5_000 }, false, 0)
    expect(routesOf.next(0).driver.transport).toBe('event-stream')
    // Without a turn nobody knows whether it was the service.
    expect([miss(end('later')), miss(end('later'))]).toEqual([false, true])
  })

  it('an endpoint that failed is left at once for one that has not, for a minute, or until an outage excuses it', () => {
    const routes = createRoutes([driver('websocket')], [A, B])
    const host = (now: number) => routes.next(now).url!.host
    expect(routes.ended(routes.next(0), end('again'), false, 0)).toBe(true)
    expect(host(1)).toBe('b.example')
    expect(host(60_000)).toBe('a.example')
    routes.excused()
    expect(host(1)).toBe('a.example')
  })

  it('a planned end of a line in use sends to the other server, an end without a reason does not', () => {
    const routes = createRoutes([driver('websocket')], [A, B])
    expect(routes.ended(routes.next(0), end('again'), true, 0)).toBe(false)
    expect(routes.next(0).url!.host).toBe('a.example')
    expect(routes.ended(routes.next(0), end('later'), true, 0)).toBe(true)
    expect(routes.next(0).url!.host).toBe('b.example')
  })

  it('misses count for the server and the driver they happened at, however many servers there are', () => {
    const routes = createRoutes([driver('websocket'), driver('event-stream')], [A, B, C])
    const said: string[] = []
    for (let n = 0; n < 7; n += 1) {
      const way = routes.next(n)
      said.push(`${way.url!.href} ${routes.ended(way, end('again'), false, n)}`)
    }
    expect(said).toEqual([
      'wss://a.example/live/ws true',
      'wss://b.example/ws true',
      // Each has failed once: none has been tried twice, and none gives up its sockets for another one's sake.
      'wss://c.example/ws false',
      'wss://a.example/live/ws true',
      'https://a.example/live/sse false',
      'wss://b.example/ws true',
      'https://b.example/sse false',
    ])
  })

  it('while the link is down the way leads to servers that the verdict is not about, in the order of health', () => {
    const routes = createRoutes([driver('websocket')], [A, B, C], { origins: ['https://a.example'] })
    const host = () => routes.next(0, true).url!.host
    const miss = () => routes.ended(routes.next(0, true), end('again'), false, 0, true)
    expect(routes.next(0).isElsewhere).toBe(false)
    expect([host(), routes.next(0, true).isElsewhere]).toEqual(['b.example', true])
    expect([miss(), host()]).toEqual([true, 'c.example'])
    // The first one has not failed, and is none to go to: its verdict is waited for.
    expect([miss(), host()]).toEqual([false, 'b.example'])
    routes.excused()
    expect(routes.next(0).url!.host).toBe('a.example')
  })

  it.each<[what: string, endpoints: Endpoint[], origins: string[], isElsewhere: boolean[]]>([
    ['one server, and none is known', [A], [], [false]],
    ['one server on another host than the probe', [A], ['https://x.example'], [false]],
    ['none is known', [A, B], [], [true, true]],
    ['the probe asks a third one', [A, B], ['https://x.example'], [true, true]],
    ['the probe asks one of them', [A, B], ['https://b.example'], [true, false]],
    ['all are said to be of the service', [A, B], ['https://a.example', 'https://b.example'], [true, true]],
    [
      'another scheme or port is another server',
      [A, B],
      ['http://a.example', 'https://b.example:1'],
      [true, true],
    ],
  ])('whom the verdict is about: %s', (_what, endpoints, origins, isElsewhere) => {
    const routes = createRoutes([driver('websocket')], endpoints, { origins })
    const ways = endpoints.map((_, n) => {
      const way = routes.next(n)
      routes.ended(way, end('again'), false, n)
      return way.isElsewhere
    })
    expect(ways).toEqual(isElsewhere)
  })

  it('refuses drivers that no endpoint has a URL for', () => {
    expect(() => createRoutes([driver('websocket')], [{ 'long-poll': A['long-poll']! }])).toThrow(
      /routes\.drivers\[0\] is "websocket"/,
    )
    expect(() => createRoutes([], [A])).toThrow(/routes\.drivers/)
    expect(() => createRoutes([driver('websocket')], [A], { betterAfterMs: 5 })).toThrow(/betterAfterMs/)
  })
})

const several =
  (transports: readonly Transport[], endpoints = [A]): NonNullable<RigOptions['makeRoutes']> =>
  (make) =>
    createRoutes(transports.map(make), endpoints)

describe('a keeper with several ways', () => {
  it('falls back while sockets are blocked and the link is up, remembers what works, and comes back up later', async () => {
    let isBlocked = true
    const rig = createRig({
      makeRoutes: several(ALL),
      onOpen: (attempt, { later }) =>
        later(40, () =>
          isBlocked && attempt.transport === 'websocket' ? attempt.end() : attempt.tell({ type: 'open' }),
        ),
    })
    await rig.open()
    await rig.advance(3_000)
    expect(rig.attempts.map(({ transport }) => transport)).toEqual(['websocket', 'websocket', 'event-stream'])
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'event-stream' })
    const openAt = rig.attempts[2]!.at + 40
    rig.attempts[2]!.end()
    await rig.advance(100)
    expect(rig.attempts.slice(3).map(({ transport }) => transport)).toEqual(['event-stream'])
    // The better line is tried beside the one in use, which serves on.
    await rig.advance(60_000)
    expect(rig.attempts.at(-1)!.transport).toBe('websocket')
    expect(rig.alive().map(({ transport }) => transport)).toEqual(['event-stream'])
    isBlocked = false
    await rig.advance(120_100)
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'websocket' })
    expect(rig.alive().map(({ transport }) => transport)).toEqual(['websocket'])
    expect(rig.news.findLast(({ type }) => type === 'opened')).toMatchObject({ isProbation: true })
    expect(rig.at() - openAt).toBeGreaterThan(180_000)
  })

  it('two lines at most, and the older one serves until the better one is proven', async () => {
    const rig = createRig({ greets: false, makeRoutes: several(['event-stream', 'long-poll']) })
    rig.connection.start()
    rig.keeper.start()
    await rig.advance(40)
    rig.last().end({ verdict: 'unsuitable' })
    await rig.advance(300)
    rig.keeper.proven()
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'long-poll' })
    await rig.advance(60_040)
    expect(rig.alive().map(({ transport }) => transport)).toEqual(['long-poll', 'event-stream'])
    const [old, better] = rig.alive()
    old!.tell({ type: 'message', data: 'old' })
    better!.tell({ type: 'message', data: 'new' })
    expect(rig.news.filter(({ type }) => type === 'message')).toMatchObject([
      { data: 'old', generation: 2 },
      { data: 'new', generation: 3 },
    ])
    rig.keeper.proven()
    expect(rig.alive()).toEqual([better])
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'event-stream' })
    old!.end()
    expect(rig.ended()).toHaveLength(1)
  })

  it('I24, I21: what a better line was told before its turn holds, and its greeting is no part of its handshake', async () => {
    const rig = createRig({ greets: false, makeRoutes: several(['event-stream', 'long-poll']) })
    await rig.open()
    rig.last().end({ verdict: 'unsuitable' })
    await rig.advance(300)
    rig.keeper.proven()
    await rig.advance(60_040)
    const better = rig.last()
    better.canSend = true
    better.isMute = true
    better.tell({ type: 'retry', retryMs: 20_000 })
    await rig.advance(9_000)
    rig.keeper.proven()
    await rig.advance(1_000)
    rig.keeper.prove()
    // Asked, and silent: 2.5 s, not twice the 9 s of the greeting.
    await rig.advance(2_500)
    expect(better.state).toBe('dropped')
    // The one fast dial of the line before is armed; the waits after it have the floor.
    rig.last().end()
    expect(rig.keeper.state).toMatchObject({ name: 'backoff' })
    const { nextAttemptAt } = rig.keeper.state as { nextAttemptAt: number }
    expect(nextAttemptAt - rig.clock.now()).toBeGreaterThanOrEqual(20_000)
  })

  it('a better line that is never proven is dropped in time, told as ended, and tried again after twice as long', async () => {
    const rig = createRig({ greets: false, makeRoutes: several(['event-stream', 'long-poll']) })
    await rig.open()
    rig.last().end({ verdict: 'unsuitable' })
    await rig.advance(300)
    rig.keeper.proven()
    await rig.advance(60_040 + 10_000)
    expect(rig.alive().map(({ transport }) => transport)).toEqual(['long-poll'])
    expect(rig.news.findLast(({ type }) => type === 'ended')).toMatchObject({ generation: 3 })
    const before = rig.attempts.length
    await rig.advance(100_000)
    expect(rig.attempts.length).toBe(before)
    await rig.advance(20_000)
    expect(rig.attempts.length).toBe(before + 1)
  })

  it('from the last driver it tries the better ones one by one, best first, and what works is in use', async () => {
    const blocked = new Set<Transport>(['websocket', 'event-stream'])
    const rig = createRig({
      makeRoutes: several(ALL),
      onOpen: (attempt, { later }) =>
        later(40, () =>
          blocked.has(attempt.transport)
            ? attempt.end({ verdict: 'unsuitable' })
            : attempt.tell({ type: 'open' }),
        ),
    })
    await rig.open()
    await rig.advance(1_000)
    const triedSince = (from: number) => rig.attempts.slice(from).map(({ transport }) => transport)
    expect(triedSince(0)).toEqual(ALL)
    await rig.advance(60_000)
    expect(triedSince(3)).toEqual(['websocket', 'event-stream'])
    blocked.delete('event-stream')
    // Twice as long after a round in which none worked.
    await rig.advance(118_000)
    expect(triedSince(5)).toEqual([])
    await rig.advance(2_200)
    expect(triedSince(5)).toEqual(['websocket', 'event-stream'])
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'event-stream' })
    expect(rig.alive().map(({ transport }) => transport)).toEqual(['event-stream'])
    blocked.clear()
    await rig.advance(241_000)
    expect(triedSince(7)).toEqual(['websocket'])
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'websocket' })
  })

  it('what failed before an outage counts for nothing after it', async () => {
    const rig = createRig({
      makeRoutes: several(['websocket', 'event-stream']),
      onOpen: (attempt, { later }) => later(40, () => attempt.end()),
    })
    rig.connection.start()
    rig.keeper.start()
    await rig.advance(10)
    rig.server.isUp = false
    await rig.advance(500)
    expect([rig.keeper.state.name, rig.attempts.length]).toEqual(['waiting-link', 1])
    rig.server.isUp = true
    await rig.advance(20_000)
    expect(rig.attempts.slice(0, 4).map(({ transport }) => transport)).toEqual([
      'websocket',
      'websocket',
      'websocket',
      'event-stream',
    ])
  })

  it('goes to the next endpoint at once, and home beside it after a minute', async () => {
    let isHomeUp = false
    const rig = createRig({
      makeRoutes: several(['websocket'], [A, B]),
      onOpen: (attempt, { later }) =>
        later(40, () =>
          attempt.request.url.host === 'b.example' || isHomeUp
            ? attempt.tell({ type: 'open' })
            : attempt.end(),
        ),
    })
    await rig.open()
    await rig.advance(290)
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.attempts.map(({ request }) => request.url.host)).toEqual(['a.example', 'b.example'])
    isHomeUp = true
    await rig.advance(61_000)
    expect(rig.alive().map(({ request }) => request.url.host)).toEqual(['a.example'])
    expect(rig.keeper.state.name).toBe('open')
  })

  it('a token never goes to an origin that is not on the list', async () => {
    const url = new URL('wss://evil.example/ws')
    const rig = createRig({ request: () => ({ ...NOTHING, token: 'secret', url }) })
    await rig.open()
    expect(rig.attempts).toHaveLength(0)
    expect(rig.keeper.state).toMatchObject({ name: 'fatal' })
    expect(rig.ended()[0]!.reason).toBe('wss://evil.example is no endpoint: no token goes there')
  })
})
