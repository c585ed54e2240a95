/** Codecs, schedules and people that do to a keeper what none should. */
import { expect, test } from 'vitest'
import { createRig, numberedTokens, PONG } from './keeper-rig.js'

test('a codec that throws hides no message, and a ping that throws ends no watch', async () => {
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  process.on('unhandledRejection', onError)
  const rig = createRig({
    heartbeat: {
      ...{ activeMs: 5_000, idleMs: 5_000, idleAfterMs: 60_000, leastPongMs: 1_000, mostPongMs: 1_000 },
      ping() {
        throw new Error('no ping')
      },
      isPong: (data) => (JSON.parse(String(data)) as { type: string }).type === 'PONG',
    },
    greets: false,
  })
  await rig.open()
  rig.keeper.proven({ heartbeatMs: 10_000 })
  rig.last().tell({ type: 'message', data: 'no json' })
  rig.last().tell({ type: 'message', data: PONG })
  expect(rig.news.filter(({ type }) => type === 'message')).toHaveLength(1)
  // It cannot be asked: it is judged by the server's own interval, as a stream is.
  await rig.advance(25_100)
  expect(rig.ended()[0]!.reason).toMatch(/^no sign of life/)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', onError)
  expect(errors.length).toBeGreaterThan(0)
})

test('a schedule that throws leaves a keeper that can be stopped', async () => {
  let isBroken = true
  const rig = createRig({
    schedule: {
      ...{ kind: 'fixed', restartStep: 0, flapStep: null },
      delay() {
        if (isBroken) throw new Error('no delay')
        return 1_000
      },
    },
    onOpen: (attempt, { later }) =>
      later(40, () => {
        try {
          attempt.end()
        } catch {
          // As a driver would.
        }
      }),
  })
  await rig.open()
  isBroken = false
  rig.keeper.stop()
  expect(rig.keeper.state.name).toBe('closed')
  rig.keeper.start()
  await rig.advance(3_000)
  expect(rig.attempts.length).toBeGreaterThan(2)
})

test('I18 tokens of a keeper that was stopped are renewed for nobody', async () => {
  const auth = numberedTokens(100, () => rig.clock)
  const rig = createRig({
    auth,
    onOpen: (attempt, { later }) => later(40, () => attempt.end({ verdict: 'needs-auth', code: 4401 })),
  })
  rig.connection.start()
  rig.keeper.start()
  await rig.advance(20)
  rig.keeper.stop()
  await rig.advance(10_000)
  expect(auth.renewals).toBe(0)
})

test('I38 whoever asks again and again does not keep a slow handshake from ending, and one that hangs is given up', async () => {
  let handshakeMs = 2_500
  const rig = createRig({
    onOpen: (attempt, { later }) => later(handshakeMs, () => attempt.tell({ type: 'open' })),
  })
  const ask = async (times: number): Promise<void> => {
    for (let click = 0; click < times; click += 1) {
      rig.keeper.retryNow()
      await rig.advance(1_100)
    }
  }
  rig.connection.start()
  rig.keeper.start()
  await ask(10)
  expect(rig.keeper.state.name).toBe('open')
  expect(rig.attempts).toHaveLength(1)
  handshakeMs = 60_000
  await rig.advance(10_000)
  rig.last().end()
  await ask(8)
  expect(rig.attempts.length).toBeGreaterThan(3)
})

test('asked for a thousand times, an open line is asked for one sign of life at a time', async () => {
  const rig = createRig()
  await rig.open()
  await rig.advance(1_000)
  for (let click = 0; click < 1_000; click += 1) rig.keeper.retryNow()
  expect(rig.last().said).toHaveLength(1)
})
