import { describe, expect, it, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { forwardOnly } from '../../src/core/clock.js'
import { createConnection, type ConnectionOptions } from '../../src/core/connection.js'
import { HoldfastError } from '../../src/core/errors.js'
import type { ProbeResult } from '../../src/core/state.js'
import { article } from '../../src/presets.js'

/** Chance that always lies in the middle: the schedules without their jitter. */
const middle = { ...seededRandom(1), next: () => 0.5 }

function setUp(options: Partial<ConnectionOptions> = {}) {
  const clock = manualClock()
  const startedAt = clock.now()
  const asked: number[] = []
  const world = { answer: { kind: 'good' } as ProbeResult, latencyMs: 50 }
  const connection = createConnection({
    clock,
    random: middle,
    schedule: article,
    probe: (signal) => {
      asked.push(clock.now() - startedAt)
      return new Promise((resolve, reject) => {
        clock.schedule(clock.now() + world.latencyMs, 0, () => resolve(world.answer))
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
    ...options,
  })
  return { clock, connection, asked, world, startedAt }
}

it('does nothing until it is started, and leaves nothing behind when it is stopped', async () => {
  const { clock, connection, asked } = setUp()
  await clock.advance(60_000)
  expect(asked).toEqual([])
  connection.start()
  await clock.advance(10)
  expect(clock.pending()).toBeGreaterThan(0)
  connection.stop()
  await clock.advance(60)
  expect(connection.state.link.name).toBe('idle')
  expect(clock.pending()).toBe(0)
})

it('B01, R03, I28: `online` starts a probe and never sets online by itself', async () => {
  const { clock, connection, world } = setUp()
  connection.start()
  await clock.advance(100)
  world.answer = { kind: 'failed' }
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(200)
  connection.send({ type: 'NAV_ONLINE' })
  expect(connection.state.link.name).toBe('trying')
  await clock.advance(49)
  expect(connection.state.link.name).toBe('trying')
})

it('a probe begun by `online` that fails is repeated once after 100 ms', async () => {
  const { clock, connection, world, asked } = setUp()
  connection.start()
  await clock.advance(100)
  world.answer = { kind: 'failed' }
  connection.send({ type: 'NAV_OFFLINE' })
  await clock.advance(5_000)
  const before = asked.length
  connection.send({ type: 'NAV_ONLINE' })
  await clock.advance(160)
  expect(asked.slice(before).map((at) => at - asked[before]!)).toEqual([0, 150])
})

it('a probe that does not answer ends after 5 s and is aborted', async () => {
  const { clock, connection, world } = setUp()
  world.latencyMs = 60_000
  connection.start()
  await clock.advance(4_999)
  expect(connection.state.link.name).toBe('connecting')
  await clock.advance(1)
  expect(connection.state.link).toMatchObject({ name: 'waiting', cause: 'timeout' })
})

it('I20: the late answer of an aborted probe changes nothing', async () => {
  const results: ((result: ProbeResult) => void)[] = []
  const { clock, connection } = setUp({ probe: () => new Promise((resolve) => results.push(resolve)) })
  connection.start()
  await clock.advance(5_000)
  expect(connection.state.link.name).toBe('waiting')
  results[0]!({ kind: 'good' })
  await clock.settle()
  expect(connection.state.link.name).toBe('waiting')
})

it('what a subscriber sends waits until everybody has heard of the event before', async () => {
  const { clock, connection } = setUp()
  const heard: string[] = []
  connection.subscribe((state) => {
    heard.push(`first ${state.link.name}`)
    if (state.link.name === 'connecting') connection.stop()
  })
  connection.subscribe((state) => heard.push(`second ${state.link.name}`))
  connection.start()
  await clock.settle()
  expect(heard).toEqual(['first connecting', 'second connecting', 'first idle', 'second idle'])
})

it('B05: a timer that comes much too late was slept through, and counts as waking', async () => {
  const { clock, connection, world } = setUp()
  connection.start()
  await clock.advance(100)
  world.answer = { kind: 'failed' }
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(1_000)
  const types: string[] = []
  connection.subscribe((_, event) => types.push(event.type))
  const now = clock.now.bind(clock)
  vi.spyOn(clock, 'now').mockImplementation(() => now() + 3_600_000)
  await clock.advance(3_000)
  expect(types).toContain('WAKE')
})

describe('recovery', () => {
  it('B09: runs its steps in order after a loss, and tells before anybody hears of online', async () => {
    const { clock, connection, world } = setUp()
    const done: string[] = []
    connection.onRecovered(async () => void done.push('resubscribe'))
    connection.onRecovered(async () => void done.push('refetch'))
    const seen: string[] = []
    connection.subscribe((state) => seen.push(`${state.link.name} ${state.resync}`))
    connection.start()
    await clock.advance(100)
    expect(done).toEqual([])
    world.answer = { kind: 'failed' }
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(100)
    world.answer = { kind: 'good' }
    await clock.advance(1_000)
    expect(done).toEqual(['resubscribe', 'refetch'])
    expect(seen).toContain('online running')
    expect(seen.indexOf('online running')).toBeLessThan(seen.lastIndexOf('online none'))
  })

  it('a step that fails with the link up is tried three times, then it is said', async () => {
    const { clock, connection, world } = setUp()
    let tries = 0
    connection.onRecovered(async () => {
      tries += 1
      throw new Error('no')
    })
    connection.start()
    await clock.advance(100)
    world.answer = { kind: 'failed' }
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(100)
    world.answer = { kind: 'good' }
    await clock.advance(4_000)
    expect(tries).toBe(3)
    expect(connection.state.resync).toBe('failed')
  })
})

it('I21: a step that never ends counts as failed after 30 s, so that the queue is not held for ever', async () => {
  const { clock, connection, world } = setUp()
  connection.onRecovered(() => new Promise(() => {}))
  connection.start()
  await clock.advance(100)
  world.answer = { kind: 'failed' }
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(100)
  world.answer = { kind: 'good' }
  await clock.advance(60_000)
  expect(connection.state.resync).toBe('running')
  await clock.advance(40_000)
  expect(connection.state).toMatchObject({ resync: 'failed', link: { name: 'online' } })
  expect(clock.pending()).toBe(0)
})

it('I31: a wall clock that is set back by a day does not hold the kit’s time', () => {
  let wall = 1_000_000
  const now = forwardOnly(() => wall)
  wall += 500
  expect(now()).toBe(1_000_500)
  wall -= 86_400_000
  expect(now()).toBe(1_000_500)
  wall += 250
  expect(now()).toBe(1_000_750)
})

describe('auth', () => {
  const auth = (refresh: () => Promise<void>) => ({ token: () => 'never in a log', refresh })

  it('I17: any number of 401s make one refresh', async () => {
    const refresh = vi.fn(async () => {})
    const { clock, connection } = setUp({ auth: auth(refresh) })
    connection.start()
    await clock.advance(100)
    for (let count = 0; count < 10; count += 1) connection.send({ type: 'UNAUTHORIZED' })
    await clock.settle()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(connection.state.auth).toBe('valid')
  })

  it('a refused refresh requires sign-in; a lost one asks again on the next 401', async () => {
    let error: Error = new HoldfastError('unauthorized')
    const { clock, connection } = setUp({ auth: auth(() => Promise.reject(error)) })
    connection.start()
    await clock.advance(100)
    connection.send({ type: 'UNAUTHORIZED' })
    await clock.settle()
    expect(connection.state.auth).toBe('required')
    connection.signedIn()
    expect(connection.state.auth).toBe('valid')
    error = new Error('network')
    connection.send({ type: 'UNAUTHORIZED' })
    await clock.settle()
    expect(connection.state.auth).toBe('unknown')
  })

  it('a refresh is lost after 10 s', async () => {
    const { clock, connection } = setUp({ auth: auth(() => new Promise(() => {})) })
    connection.start()
    await clock.advance(100)
    connection.send({ type: 'UNAUTHORIZED' })
    await clock.advance(9_999)
    expect(connection.state.auth).toBe('refreshing')
    await clock.advance(1)
    expect(connection.state.auth).toBe('unknown')
  })
})

it('offline by choice is idle: start does nothing, and going online connects', async () => {
  const { clock, connection, asked } = setUp()
  connection.setIntent('offline')
  connection.start()
  await clock.advance(10_000)
  expect(asked).toEqual([])
  connection.setIntent('online')
  await clock.advance(50)
  expect(connection.state.link.name).toBe('online')
})

it.each([
  ['no probe', { probe: undefined }, 'createConnection.probe'],
  ['NaN', { probeTimeoutMs: Number.NaN }, 'createConnection.probeTimeoutMs is NaN'],
  ['a negative time', { stableMs: -1 }, 'createConnection.stableMs is -1'],
  ['a text', { hiddenGapMs: '5' }, 'createConnection.hiddenGapMs is "5"'],
  ['a schedule that is none', { schedule: 3 }, 'createConnection.schedule is 3'],
  ['a misspelt option', { probeTimeout: 5 }, 'createConnection.probeTimeout'],
])('refuses %s, naming it', (_, bad, text) => {
  expect(() => setUp(bad as never)).toThrow(text)
})
