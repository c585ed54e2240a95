import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { createHand, watch, type Hand, type Watched } from './hand.js'
import { createRig, type Rig } from './rig.js'

type StepAction =
  | { do: 'ask'; method: 'GET' | 'POST' | 'DELETE'; way: 'signal' | 'plain' | 'single' | 'poll' | 'form' }
  | { do: 'answer' | 'fail' | 'cancel'; which: number; what: number }
  | { do: 'wait'; ms: number }
  | { do: 'suspect' | 'notice' | 'stop' | 'start' | 'offline' | 'online' | 'wake' | 'refuse' | 'listen' }

const of = <const T extends readonly unknown[]>(...values: T) => fc.constantFrom<T[number]>(...values)

const actions: fc.Arbitrary<StepAction> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: of('ask'),
      method: of('GET', 'POST', 'DELETE'),
      way: of('signal', 'plain', 'single', 'poll', 'form'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: of('answer', 'fail', 'cancel'), which: fc.nat(20), what: fc.nat(20) }),
  },
  { weight: 4, arbitrary: fc.record({ do: of('wait'), ms: of(1, 300, 1_000, 4_000, 61_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('suspect', 'notice', 'stop', 'start', 'offline', 'online', 'wake', 'refuse', 'listen'),
    }),
  },
)

const STATUSES = [200, 201, 204, 400, 401, 404, 409, 429, 500, 502, 503, 504]

interface Asked {
  readonly method: string
  readonly promise: Watched
  readonly cancel: () => void
}

interface Stage {
  readonly rig: Rig
  readonly hand: Hand
  readonly asked: Asked[]
  listen: () => void
}

function ask({ rig }: Stage, { method, way }: Extract<StepAction, { do: 'ask' }>): Asked {
  const controller = new AbortController()
  const form = new FormData()
  form.set('a', '1')
  const promise = watch(
    rig.ask('/x', {
      method,
      ...(way === 'single' ? { holdfast: { key: 'k' } } : {}),
      ...(way === 'poll' ? { holdfast: { stalledMs: Infinity } } : {}),
      ...(way === 'form' && method === 'POST' ? { body: form } : {}),
      ...(way === 'plain' ? {} : { signal: controller.signal }),
    }),
  )
  return { method, promise, cancel: () => controller.abort() }
}

function act(stage: Stage, action: StepAction): void {
  const { rig, hand, asked } = stage
  const open = hand.calls.filter((call) => call.isOpen())
  switch (action.do) {
    case 'ask':
      return void asked.push(ask(stage, action))
    case 'answer':
      return open[action.which % (open.length || 1)]?.answer(STATUSES[action.what % STATUSES.length])
    case 'fail':
      return open[action.which % (open.length || 1)]?.fail()
    case 'cancel':
      return asked[action.which % (asked.length || 1)]?.cancel()
    case 'refuse':
      stage.listen()
      stage.listen = rig.network.apply({ type: 'refuse' })
      return
    case 'listen':
      return stage.listen()
    case 'suspect':
      return rig.connection.send({ type: 'SUSPICION', cause: 'server' })
    case 'notice':
      return rig.connection.send({ type: 'NOTICE', retryAfterMs: 5_000 })
    case 'stop':
      return rig.connection.stop()
    case 'start':
      return rig.connection.start()
    case 'offline':
      return rig.connection.setIntent('offline')
    case 'online':
      return rig.connection.setIntent('online')
    case 'wake':
      return rig.connection.send({ type: 'WAKE' })
    case 'wait':
  }
}

const CODES = [
  'stopped',
  'paused',
  'gave-up',
  'hold-full',
  'link-down',
  'maybe-committed',
  'timeout',
] as const

/** A Response, the platform's own error, or one of ours where the platform has none. */
function isAllowed({ state, value }: Watched): boolean {
  if (state === 'resolved') return value instanceof Response
  return (
    value instanceof TypeError ||
    value instanceof DOMException ||
    CODES.some((code) => isHoldfastError(value, code))
  )
}

test(
  'I13: in any storm every promise of a fetch settles exactly once, and nothing is left behind',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(actions, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        fc.boolean(),
        async (storm, honoured, withAuth) => {
          const hand = createHand()
          const rig = createRig({
            ...{ maxHeld: 3, fetch: hand.fetch },
            ...(honoured ? { idempotency: 'honoured' as const } : {}),
            ...(withAuth ? { auth: { token: () => 't', refresh: () => Promise.resolve() } } : {}),
          })
          const stage: Stage = { rig, hand, asked: [], listen: () => {} }
          await rig.online()
          for (const action of storm) {
            act(stage, action)
            await rig.clock.advance(action.do === 'wait' ? action.ms : 0)
            expect(rig.facts.held).toBeLessThanOrEqual(3)
          }
          rig.http.detach()
          // What is in the air ends by itself: here by the network.
          for (const call of hand.calls) call.fail()
          await rig.clock.settle()
          rig.connection.stop()
          rig.network.dispose()
          await rig.clock.settle()
          expect(stage.asked.map(({ promise }) => promise.times)).toEqual(stage.asked.map(() => 1))
          expect(stage.asked.filter(({ promise }) => !isAllowed(promise))).toEqual([])
          expect(rig.facts).toEqual({ held: 0, pendingSince: null })
          expect(hand.open).toBe(0)
          expect(rig.clock.pending()).toBe(0)
        },
      ),
      { numRuns: 120 },
    )
  },
)

test(
  'I27: in any storm a write without honoured keys goes out again only if nobody can have applied it',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { minLength: 5, maxLength: 40 }), async (storm) => {
        const hand = createHand()
        const rig = createRig({ fetch: hand.fetch })
        const stage: Stage = { rig, hand, asked: [], listen: () => {} }
        await rig.online()
        for (const action of storm) {
          // Only outcomes that tell nothing: a network error, and 500.
          act(stage, action.do === 'answer' ? { ...action, what: 8 } : action)
          await rig.clock.advance(action.do === 'wait' ? action.ms : 0)
        }
        const keys = hand.calls
          .map(({ request }) => request.headers.get('idempotency-key'))
          .filter((key) => key !== null && key !== '"k"')
        expect(new Set(keys).size).toBe(keys.length)
        rig.http.detach()
        rig.connection.stop()
        rig.network.dispose()
      }),
      { numRuns: 80 },
    )
  },
)
