import { describe, expect, it } from 'vitest'
import { HoldfastError } from '../../src/core/errors.js'
import { fixedHeartbeat } from '../../src/live/heartbeat.js'
import { createRig, NOTHING, numberedTokens, PONG } from './keeper-rig.js'

const PING = '{"type":"PING"}'

describe('one line', () => {
  it('dials while the first probe is still out, opens, and is in use once its owner has greeted', async () => {
    const rig = createRig({ greets: false })
    rig.connection.start()
    rig.keeper.start()
    await rig.advance(0)
    expect(rig.attempts.map(({ at }) => at)).toEqual([0])
    await rig.advance(40)
    expect(rig.keeper.state).toMatchObject({ name: 'greeting', attempt: 1, transport: 'websocket' })
    rig.keeper.proven({ boot: 'b1' })
    expect(rig.keeper.state).toMatchObject({ name: 'open', transport: 'websocket' })
    expect(rig.news.map(({ type }) => type)).toEqual(['state', 'state', 'opened', 'state'])
    expect(rig.connection.state.link.memory.boot).toBe('b1')
  })

  it('asks what it is opened for at the moment of dialling, and puts the URL of its route on it', async () => {
    const rig = createRig({ request: () => ({ ...NOTHING, token: 't', topics: ['a'], cursor: 'e:1' }) })
    await rig.open()
    expect(rig.last().request).toMatchObject({ token: 't', topics: ['a'], cursor: 'e:1' })
    expect(rig.last().request.url.href).toBe('wss://api.example/ws')
  })

  it('an attempt that does not open in time is dropped, told and made again', async () => {
    const rig = createRig({ onOpen: () => {} })
    await rig.open()
    await rig.advance(9_959)
    expect(rig.alive()).toHaveLength(1)
    await rig.advance(1)
    expect(rig.alive()).toHaveLength(0)
    expect(rig.ended()).toEqual([
      { verdict: 'again', code: 1006, reason: 'no answer within 10000 ms', wasClean: false },
    ])
    await rig.advance(2_000)
    expect(rig.attempts).toHaveLength(2)
  })

  it('a line whose greeting is never done is dropped in time', async () => {
    const rig = createRig({ greets: false })
    await rig.open()
    await rig.advance(10_000)
    expect(rig.attempts[0]!.dropped).toEqual({ code: 4408, reason: 'no answer within 10000 ms' })
  })

  it('an owner that throws is heard, and stops nothing', async () => {
    const rig = createRig({ request: () => Promise.reject(new Error('secret')) })
    await rig.open()
    expect(rig.ended()[0]!.reason).not.toContain('secret')
    await rig.advance(2_000)
    expect(rig.ended().length).toBeGreaterThan(1)
  })

  it('I20: what an older attempt still tells changes nothing', async () => {
    const rig = createRig()
    await rig.open()
    const [first] = rig.attempts
    rig.keeper.reopen('other topics')
    await rig.advance(300)
    const told = rig.news.length
    first!.tell({ type: 'message', data: 'late' })
    first!.tell({ type: 'open' })
    first!.end()
    await rig.advance(10)
    expect(rig.news.length).toBe(told)
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.attempts).toHaveLength(2)
  })

  it('what is asked for while it is dropped is never opened', async () => {
    let answer = (): void => {}
    const rig = createRig({ request: () => new Promise((resolve) => (answer = () => resolve(NOTHING))) })
    await rig.open()
    rig.keeper.stop()
    answer()
    await rig.advance(10)
    expect(rig.attempts).toHaveLength(0)
  })

  it('I34: after stop there is no timer, no line and no listener, and only start begins again', async () => {
    const rig = createRig()
    await rig.open()
    rig.keeper.stop(1000, 'bye')
    expect(rig.attempts[0]!.dropped).toEqual({ code: 1000, reason: 'bye' })
    expect(rig.keeper.state).toEqual({ name: 'closed' })
    expect(rig.clock.pending()).toBe(0)
    const told = rig.news.length
    rig.connection.send({ type: 'WAKE' })
    rig.connection.send({ type: 'SUSPICION', cause: 'server' })
    rig.keeper.retryNow()
    rig.keeper.reopen('x')
    await rig.advance(600_000)
    expect(rig.news.length).toBe(told)
    expect(rig.attempts).toHaveLength(1)
    rig.keeper.start()
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
  })
})

describe('the link', () => {
  it('an unasked end of a line in use is a suspicion, and one dial at once', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(10_000)
    rig.last().end()
    await rig.advance(40)
    expect(rig.events).toContainEqual({ type: 'SUSPICION', cause: 'server' })
    expect(rig.attempts.map(({ at }) => at)).toEqual([0, 10_040])
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.connection.state.link.name).toBe('online')
  })

  it('while the link is down it waits for the verdict, and dials at once when it is up', async () => {
    const rig = createRig({
      onOpen: (attempt, { later, server }) =>
        later(20, () => (server.isUp ? attempt.tell({ type: 'open' }) : attempt.end())),
    })
    await rig.open()
    await rig.advance(10_000)
    rig.server.isUp = false
    rig.last().end()
    await rig.advance(60_000)
    expect(rig.keeper.state).toEqual({ name: 'waiting-link' })
    expect(rig.attempts).toHaveLength(2)
    rig.server.isUp = true
    let upAt = 0
    rig.connection.subscribe((state) => {
      if (state.link.name === 'online') upAt ||= rig.at()
    })
    await rig.advance(20_000)
    expect(rig.attempts.map(({ at }) => at)).toEqual([0, 10_040, upAt])
    expect(rig.keeper.state.name).toBe('open')
  })

  it('an attempt does not outlast the verdict that the link is down', async () => {
    const rig = createRig({ onOpen: () => {} })
    rig.server.isUp = false
    await rig.open()
    expect(rig.keeper.state).toEqual({ name: 'waiting-link' })
    expect(rig.alive()).toHaveLength(0)
    expect(rig.ended()[0]!.reason).toBe('the service cannot be reached')
  })

  it('while the link is up and only the own dial fails it waits 1, 2, 4 … 30 s, ± 50 %, and never gives up', async () => {
    const rig = createRig({ onOpen: (attempt, { later }) => later(10, () => attempt.end()) })
    await rig.open()
    await rig.advance(600_000)
    const gaps = rig.attempts.slice(1).map(({ at }, index) => at - rig.attempts[index]!.at - 10)
    for (const [index, gap] of gaps.entries()) {
      const meanMs = Math.min(30_000, 1_000 * 2 ** index)
      expect(gap).toBeGreaterThanOrEqual(0.5 * meanMs)
      expect(gap).toBeLessThanOrEqual(1.5 * meanMs + 1)
    }
    expect(gaps.length).toBeGreaterThan(15)
    expect(rig.connection.state.link.name).toBe('online')
  })

  it('P3: a fast dial when the browser says online again: two attempts in all, and the line is open 2 trips later', async () => {
    const rig = createRig({
      onOpen: (attempt, { later, server }) =>
        later(40, () => (server.isUp ? attempt.tell({ type: 'open' }) : attempt.end())),
    })
    await rig.open()
    await rig.advance(20_000)
    rig.server.isUp = false
    rig.connection.send({ type: 'NAV_OFFLINE' })
    rig.last().end()
    await rig.advance(45_000)
    const before = rig.attempts.length
    rig.server.isUp = true
    rig.connection.send({ type: 'NAV_ONLINE' })
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.attempts.length - before).toBe(1)
    expect(before, 'the line of before, and the one fast dial').toBe(2)
  })

  it('working offline by choice ends the line; online again it dials', async () => {
    const rig = createRig()
    await rig.open()
    rig.connection.setIntent('offline')
    expect(rig.keeper.state).toEqual({ name: 'waiting-link' })
    expect(rig.alive()).toHaveLength(0)
    rig.connection.setIntent('online')
    await rig.advance(250)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('a hidden page that nobody needs does not dial; one that is needed wants the link, and dials', async () => {
    const rig = createRig({
      onOpen: (attempt, { later, server }) =>
        later(40, () => (server.isUp ? attempt.tell({ type: 'open' }) : attempt.end())),
    })
    await rig.open()
    rig.connection.send({ type: 'HIDDEN' })
    rig.server.isUp = false
    await rig.advance(10_000)
    rig.last().end()
    await rig.advance(8 * 3_600_000)
    expect(rig.attempts).toHaveLength(1)
    expect(rig.server.probes).toBeLessThan(5)
    rig.server.isUp = true
    const stop = rig.keeper.need()
    await rig.advance(60_000)
    expect(rig.keeper.state.name).toBe('open')
    stop()
  })

  it('a hidden page that nobody needs does not dial while the link is up either, and does when it is seen', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(10_000)
    rig.connection.send({ type: 'HIDDEN' })
    rig.last().end()
    await rig.advance(600_000)
    expect(rig.keeper.state).toEqual({ name: 'backoff', nextAttemptAt: null, attempt: 1 })
    rig.connection.send({ type: 'VISIBLE' })
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.attempts).toHaveLength(2)
  })

  it('I31: a waking cuts a wait short, and makes one attempt however many events it has', async () => {
    let isBroken = true
    const rig = createRig({
      onOpen: (attempt, { later }) =>
        later(40, () => (isBroken ? attempt.end() : attempt.tell({ type: 'open' }))),
    })
    await rig.open()
    await rig.advance(120_000)
    const before = rig.attempts.length
    isBroken = false
    const state = rig.keeper.state
    expect(state.name).toBe('backoff')
    rig.connection.send({ type: 'HIDDEN' })
    rig.connection.send({ type: 'VISIBLE' })
    rig.connection.send({ type: 'WAKE' })
    rig.connection.send({ type: 'NAV_ONLINE' })
    await rig.advance(1_000)
    expect(rig.attempts.length - before).toBe(1)
    expect(rig.keeper.state.name).toBe('open')
  })
})

describe('the heartbeat', () => {
  it('ux-55, I21: a half-open line is noticed within interval and pong timeout, and dialled at once', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    const [line] = rig.attempts
    await rig.advance(5_000)
    expect(line!.said).toEqual([PING])
    await rig.advance(2_499)
    expect(rig.attempts).toHaveLength(1)
    await rig.advance(1)
    expect(line!.dropped).toEqual({ code: 4408, reason: 'no sign of life for 2500 ms' })
    expect(rig.events).toContainEqual({ type: 'SUSPICION', cause: 'timeout' })
    expect(rig.attempts.map(({ at }) => at)).toEqual([0, 7_540])
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('answers shorten the wait for the next one, down to a second', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(30_000)
    const silentAt = rig.at()
    rig.last().isMute = true
    await rig.advance(5_040 + 1_000)
    expect(rig.attempts).toHaveLength(2)
    expect(rig.attempts[1]!.at - silentAt).toBeLessThanOrEqual(6_040)
  })

  it('answers are told to nobody; everything else is, and counts as life', async () => {
    const rig = createRig({ heartbeat: fixedHeartbeat(5_000) })
    await rig.open()
    for (let count = 0; count < 10; count += 1) {
      await rig.advance(4_000)
      rig.last().tell({ type: 'message', data: `event ${count}` })
      rig.last().tell({ type: 'message', data: PONG })
    }
    expect(rig.last().said).toEqual([])
    expect(rig.news.filter(({ type }) => type === 'message')).toHaveLength(10)
  })

  it('25 s while idle, 5 s while something is unacknowledged, and never in a hidden page that nobody needs', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(120_000)
    const pings = () => rig.last().said.length
    let before = pings()
    await rig.advance(100_000)
    expect(pings() - before).toBe(4)
    before = pings()
    const stop = rig.keeper.need('unacknowledged')
    await rig.advance(50_400)
    expect(pings() - before).toBeGreaterThanOrEqual(10)
    stop()
    rig.connection.send({ type: 'HIDDEN' })
    await rig.advance(60_000)
    before = pings()
    await rig.advance(3_600_000)
    expect(pings() - before).toBe(0)
    expect(rig.clock.pending()).toBe(0)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('the server’s own interval is an upper bound', async () => {
    const rig = createRig({ greets: false, heartbeat: fixedHeartbeat(60_000) })
    await rig.open()
    rig.keeper.proven({ heartbeatMs: 10_000 })
    await rig.advance(50_300)
    expect(rig.last().said).toHaveLength(5)
  })

  it('I31: eight hours of sleep make one proof ping, and a line that answers is kept', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(60_000)
    const before = rig.last().said.length
    await rig.sleep(8 * 3_600_000)
    rig.connection.send({ type: 'VISIBLE' })
    await rig.advance(30)
    expect(rig.last().said.length - before).toBe(1)
    await rig.advance(3_000)
    expect(rig.attempts).toHaveLength(1)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('I31: after eight hours of sleep a dead line is replaced within the pong timeout', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    await rig.advance(4_000)
    await rig.sleep(8 * 3_600_000)
    const wokenAt = rig.at()
    await rig.advance(2_540)
    expect(rig.attempts.map(({ at }) => at)).toEqual([0, wokenAt + 2_500])
  })

  it('a timer that comes late kills no healthy line: the line is asked once more', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    await rig.advance(5_000)
    expect(rig.last().said).toHaveLength(1)
    // The timer of the deadline comes a minute late, before the answer that lies unread is read.
    await rig.sleep(60_000)
    expect(rig.last().said).toHaveLength(2)
    rig.last().tell({ type: 'message', data: PONG })
    await rig.advance(4_000)
    expect(rig.attempts).toHaveLength(1)
  })

  it('a dead line whose timers are all late is replaced by the second', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    await rig.advance(5_000)
    await rig.sleep(60_000)
    await rig.sleep(60_000)
    await rig.advance(0)
    expect(rig.attempts).toHaveLength(2)
  })

  it('a waking proves an open line at once', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    await rig.advance(1_000)
    rig.connection.send({ type: 'HIDDEN' })
    rig.connection.send({ type: 'VISIBLE' })
    expect(rig.last().said).toEqual([PING])
  })

  it('who asks for a sign of life is told of it, and asks once however often', async () => {
    const rig = createRig()
    await rig.open()
    rig.keeper.prove()
    rig.keeper.prove()
    expect(rig.last().said).toEqual([PING])
    await rig.advance(40)
    expect(rig.news.at(-1)).toEqual({ type: 'alive', generation: 1 })
  })

  it('a doubt about the link makes an open line prove itself, once', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(1_000)
    rig.server.isUp = false
    rig.connection.send({ type: 'SUSPICION', cause: 'timeout' })
    expect(rig.last().said).toEqual([PING])
    await rig.advance(3_000)
    expect(rig.last().said).toEqual([PING])
    expect(rig.keeper.state.name).toBe('open')
  })

  it('what leaves a full buffer is a sign of life', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    const line = rig.last()
    line.bufferedAmount = 9_000_000
    for (let count = 0; count < 20; count += 1) {
      await rig.advance(2_000)
      line.bufferedAmount -= 100_000
    }
    expect(rig.attempts).toHaveLength(1)
  })

  it('I21, B05: what is said into a half-open line is taken by the device itself, and is no sign of life', async () => {
    const rig = createRig({ isMute: true })
    await rig.open()
    const line = rig.last()
    for (let at = 0; at < 7_400; at += 100) {
      // As the platform shows it: what was just said, and soon nothing of it.
      line.bufferedAmount = at % 500 === 0 ? 1_000 - at / 10 : 0
      if (at % 500 === 0) rig.keeper.send('typing')
      await rig.advance(100)
    }
    expect(rig.attempts).toHaveLength(1)
    await rig.advance(300)
    expect(rig.attempts).toHaveLength(2)
    expect(line.dropped?.reason).toBe('no sign of life for 2500 ms')
  })

  it('a stream cannot be asked: it is gone after 2.5 of the server’s intervals', async () => {
    const rig = createRig({
      greets: false,
      onOpen: (attempt, { later }) => {
        attempt.canSend = false
        later(40, () => attempt.tell({ type: 'open' }))
      },
    })
    await rig.open()
    rig.keeper.proven({ heartbeatMs: 10_000 })
    await rig.advance(20_000)
    rig.last().tell({ type: 'alive' })
    await rig.advance(24_999)
    expect(rig.attempts).toHaveLength(1)
    await rig.advance(1)
    expect(rig.attempts).toHaveLength(2)
  })
})

describe('tokens', () => {
  const tokens = () => numberedTokens(100, () => rigOf.clock)
  let rigOf: ReturnType<typeof createRig>

  it('I18: a refused token is renewed once, and the new one is dialled with', async () => {
    const auth = tokens()
    const rig = (rigOf = createRig({
      auth,
      request: () => ({ ...NOTHING, token: auth.token() }),
      onOpen: (attempt, { later }) =>
        later(40, () =>
          attempt.request.token === 'token-1'
            ? attempt.end({ verdict: 'needs-auth', code: 4401 })
            : attempt.tell({ type: 'open' }),
        ),
    }))
    await rig.open()
    expect(rig.keeper.state).toEqual({ name: 'auth' })
    await rig.advance(300)
    expect(auth.renewals).toBe(1)
    expect(rig.keeper.state.name).toBe('open')
    expect(rig.attempts.map(({ request }) => request.token)).toEqual(['token-1', 'token-2'])
  })

  it('I18: a new token that is refused, too, ends the trying: no loop in a day', async () => {
    const auth = tokens()
    const rig = (rigOf = createRig({
      auth,
      onOpen: (attempt, { later }) => later(40, () => attempt.end({ verdict: 'needs-auth', code: 4401 })),
    }))
    await rig.open()
    await rig.advance(86_400_000)
    expect(rig.attempts).toHaveLength(2)
    expect(auth.renewals).toBe(1)
    expect(rig.keeper.state).toEqual({ name: 'auth' })
    expect(rig.clock.pending()).toBe(0)
  })

  it('I18: proven and refused at once, again and again, is bounded by the schedule', async () => {
    const auth = tokens()
    const rig = (rigOf = createRig({
      auth,
      onOpen: (attempt, { later }) => {
        later(40, () => attempt.tell({ type: 'open' }))
        later(60, () => attempt.end({ verdict: 'needs-auth', code: 4401 }))
      },
    }))
    await rig.open()
    await rig.advance(600_000)
    expect(rig.attempts.length).toBeLessThan(40)
  })

  it('I18: a renewal that is lost is tried again by the schedule, one that is refused waits for the sign-in', async () => {
    const auth = tokens()
    auth.outcome = 'lost'
    const rig = (rigOf = createRig({
      auth,
      onOpen: (attempt, { later }) =>
        later(40, () =>
          auth.number === 1
            ? attempt.end({ verdict: 'needs-auth', code: 4401 })
            : attempt.tell({ type: 'open' }),
        ),
    }))
    await rig.open()
    await rig.advance(60_000)
    expect(auth.renewals).toBeGreaterThan(3)
    expect(auth.renewals).toBeLessThan(10)
    auth.outcome = 'refused'
    await rig.advance(60_000)
    const dials = rig.attempts.length
    await rig.advance(3_600_000)
    expect(rig.attempts.length).toBe(dials)
    expect(rig.connection.state.auth).toBe('required')
    auth.number = 2
    rig.connection.signedIn()
    await rig.advance(100)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('a token that was renewed during the attempt is not renewed again', async () => {
    const auth = tokens()
    const rig = (rigOf = createRig({
      auth,
      request: () => ({ ...NOTHING, token: auth.token() }),
      onOpen: (attempt, { later }) =>
        later(500, () =>
          attempt.request.token === 'token-1'
            ? attempt.end({ verdict: 'needs-auth', code: 4401 })
            : attempt.tell({ type: 'open' }),
        ),
    }))
    await rig.open()
    rig.connection.send({ type: 'UNAUTHORIZED' })
    await rig.advance(1_200)
    expect(auth.renewals).toBe(1)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('without an auth port a refused token is the owner’s: a person tries again', async () => {
    let isRefused = true
    const rig = (rigOf = createRig({
      onOpen: (attempt, { later }) =>
        later(40, () =>
          isRefused ? attempt.end({ verdict: 'needs-auth' }) : attempt.tell({ type: 'open' }),
        ),
    }))
    await rig.open()
    await rig.advance(3_600_000)
    expect(rig.attempts).toHaveLength(1)
    expect(rig.keeper.state).toEqual({ name: 'auth' })
    isRefused = false
    rig.keeper.retryNow()
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('a token port that says unauthorized is heard as a refused token', async () => {
    const rig = (rigOf = createRig({
      auth: tokens(),
      request: () => Promise.reject(new HoldfastError('unauthorized')),
    }))
    await rig.open()
    expect(rig.events).toContainEqual({ type: 'UNAUTHORIZED' })
  })

  it('what was final is revived by a person, at most once a second', async () => {
    const rig = (rigOf = createRig({
      onOpen: (attempt, { later }) => later(40, () => attempt.end({ verdict: 'fatal', code: 1008 })),
    }))
    await rig.open()
    await rig.advance(3_600_000)
    expect(rig.keeper.state).toMatchObject({ name: 'fatal', end: { code: 1008 } })
    for (let click = 0; click < 20; click += 1) {
      rig.keeper.retryNow()
      await rig.advance(100)
    }
    expect(rig.attempts.length).toBeLessThanOrEqual(1 + 3)
  })
})
