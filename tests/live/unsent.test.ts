import { expect, it } from 'vitest'
import type { DialRequest } from '../../src/live/keeper-state.js'
import { createRoutes } from '../../src/live/routes.js'
import { createRig, NOTHING } from './keeper-rig.js'
import { createLiveDesk } from './live-desk.js'

const ENDPOINT = {
  websocket: new URL('wss://api.example/ws'),
  'event-stream': new URL('https://api.example/sse'),
}

it('what was never asked for because nobody said what: no suspicion, no fault of its way', async () => {
  for (const request of [
    () => new Promise<DialRequest>(() => {}),
    () => Promise.reject<DialRequest>(new Error('no token now')),
  ]) {
    const rig = createRig({
      request,
      makeRoutes: (driver) => createRoutes([driver('websocket'), driver('event-stream')], [ENDPOINT]),
    })
    await rig.open()
    await rig.advance(120_000)
    expect(rig.ended().length).toBeGreaterThan(2)
    expect(rig.events.map(({ type }) => type)).not.toContain('SUSPICION')
    const transports = rig.news.map((told) =>
      told.type === 'state' && told.state.name === 'dialling' ? told.state.transport : 'websocket',
    )
    expect(new Set(transports)).toEqual(new Set(['websocket']))
  }
})

it.each(['event-stream', 'long-poll'] as const)(
  'over %s a channel without topics is no evidence against the service, all day',
  async (name) => {
    const { open, connection, clock } = createLiveDesk({ transports: [name] })
    const types = new Set<string>()
    connection.subscribe((_state, { type }) => types.add(type))
    await open()
    await clock.advance(3_600_000)
    expect(types).not.toContain('SUSPICION')
  },
)

it('the time in which a token was waited for is not that of the dial', async () => {
  let answer = (): void => {}
  const rig = createRig({
    request: () => new Promise((resolve) => (answer = () => resolve(NOTHING))),
    onOpen: (attempt, { later }) => later(3_000, () => attempt.tell({ type: 'open' })),
  })
  rig.connection.start()
  rig.keeper.start()
  await rig.advance(9_000)
  answer()
  await rig.advance(3_000)
  expect(rig.attempts).toHaveLength(1)
  expect(rig.keeper.state.name).toBe('open')
})

it('I21: a dial that was asked for late has no more than its own time', async () => {
  let answer = (): void => {}
  const rig = createRig({
    request: () => new Promise((resolve) => (answer = () => resolve(NOTHING))),
    onOpen: () => {},
  })
  rig.connection.start()
  rig.keeper.start()
  await rig.advance(9_000)
  answer()
  await rig.advance(9_999)
  expect(rig.alive()).toHaveLength(1)
  await rig.advance(1)
  expect(rig.alive()).toHaveLength(0)
  expect(rig.events).toContainEqual({ type: 'SUSPICION', cause: 'timeout' })
})
