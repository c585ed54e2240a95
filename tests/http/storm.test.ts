import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDown } from '../../src/core/state.js'
import { createRig, watch, type Health, type Rig, type Watched } from './rig.js'

type StepAction =
  | { do: 'ask'; method: 'get' | 'post' | 'delete'; way: 'signal' | 'plain' | 'single' | 'poll' }
  | { do: 'answer' | 'fail' | 'progress' | 'cancel'; which: number; what: number }
  | { do: 'wait'; ms: number }
  | { do: 'health'; health: Health }
  | { do: 'suspect' | 'notice' | 'stop' | 'start' | 'offline' | 'online' | 'wake' }

const actions: fc.Arbitrary<StepAction> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      method: fc.constantFrom('get' as const, 'post' as const, 'delete' as const),
      way: fc.constantFrom('signal' as const, 'plain' as const, 'single' as const, 'poll' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('answer' as const, 'fail' as const, 'progress' as const, 'cancel' as const),
      which: fc.nat(20),
      what: fc.nat(20),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 300, 1_000, 4_000, 61_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('health' as const),
      health: fc.constantFrom<Health>({ kind: 'good' }, { kind: 'failed' }, { kind: 'portal' }, 'silent'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'suspect' as const,
        'notice' as const,
        'stop' as const,
        'start' as const,
        'offline' as const,
        'online' as const,
        'wake' as const,
      ),
    }),
  },
)

const STATUSES = [200, 201, 204, 400, 401, 404, 409, 429, 500, 502, 503, 504]
const CODES = ['ERR_NETWORK', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET']

interface Asked {
  readonly promise: Watched
  readonly cancel: () => void
  readonly listeners: () => number
}

function ask(rig: Rig, action: Extract<StepAction, { do: 'ask' }>): Asked {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const { addEventListener: add, removeEventListener: remove } = signal
  signal.addEventListener = (...given: unknown[]) => (listeners++, Reflect.apply(add, signal, given))
  signal.removeEventListener = (...given: unknown[]) => (listeners--, Reflect.apply(remove, signal, given))
  const mark =
    action.way === 'single'
      ? { holdfast: { key: 'k' } }
      : action.way === 'poll'
        ? { holdfast: { stalledMs: Infinity } }
        : {}
  const promise = watch(
    rig.api.request({
      url: '/x',
      method: action.method,
      ...mark,
      ...(action.way === 'plain' ? {} : { signal }),
    }),
  )
  return { promise, cancel: () => controller.abort(), listeners: () => listeners }
}

/** Requests that went out while the verdict was "down", by state of the link. */
function sentWhileDown({ net, connection }: Rig): string[] {
  const down: string[] = []
  const { push } = net.sent
  net.sent.push = (...sent) => {
    if (isDown(connection.state.link)) down.push(connection.state.link.name)
    return push.apply(net.sent, sent)
  }
  return down
}

function act(rig: Rig, asked: Asked[], action: StepAction): void {
  const open = rig.net.sent.filter((sent) => sent.isOpen())
  switch (action.do) {
    case 'ask':
      return void asked.push(ask(rig, action))
    case 'answer':
      return open[action.which % (open.length || 1)]?.answer(STATUSES[action.what % STATUSES.length])
    case 'fail':
      return open[action.which % (open.length || 1)]?.error(CODES[action.what % CODES.length] ?? '')
    case 'progress':
      return open[action.which % (open.length || 1)]?.progress()
    case 'cancel':
      return asked[action.which % (asked.length || 1)]?.cancel()
    case 'health':
      rig.health = action.health
      return
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

test(
  'I13 I26: in any storm every promise settles exactly once, nothing is sent while the link is down, and nothing is left behind',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(actions, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        fc.boolean(),
        async (storm, honoured, withAuth) => {
          const auth = { token: () => 't', refresh: () => Promise.resolve() }
          const rig = createRig({
            maxHeld: 3,
            ...(honoured ? { idempotency: 'honoured' as const } : {}),
            ...(withAuth ? { auth } : {}),
          })
          const whileDown = sentWhileDown(rig)
          await rig.online()
          const asked: Asked[] = []
          for (const action of storm) {
            act(rig, asked, action)
            await rig.clock.advance(action.do === 'wait' ? action.ms : 0)
            expect(rig.facts.held).toBeLessThanOrEqual(3)
          }
          expect(whileDown).toEqual([])
          rig.http.detach()
          // What is in the air ends by itself: here by the network.
          for (const sent of rig.net.sent) sent.error('ERR_NETWORK')
          await rig.clock.settle()
          rig.connection.stop()
          await rig.clock.settle()
          expect(asked.map(({ promise }) => promise.times)).toEqual(asked.map(() => 1))
          expect(asked.map((one) => one.listeners())).toEqual(asked.map(() => 0))
          expect(rig.facts).toEqual({ held: 0, pendingSince: null })
          expect(rig.net.open).toBe(0)
          expect(rig.clock.pending()).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  },
)

test(
  'I27: in any storm an unsafe request goes out again only if nobody can have applied it',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { minLength: 5, maxLength: 40 }), async (storm) => {
        const rig = createRig()
        await rig.online()
        const asked: Asked[] = []
        for (const action of storm) {
          // A failure that tells nothing is final for a write; every key goes to the network until then.
          if (action.do === 'fail') act(rig, asked, { ...action, what: 0 })
          else if (action.do === 'answer') act(rig, asked, { ...action, what: 8 })
          else act(rig, asked, action)
          await rig.clock.advance(action.do === 'wait' ? action.ms : 0)
        }
        const keys = rig.net.sent
          .map((sent) => sent.headers['idempotency-key'])
          .filter((key) => key && key !== '"k"')
        expect(new Set(keys).size).toBe(keys.length)
        rig.http.detach()
        rig.connection.stop()
      }),
      { numRuns: 80 },
    )
  },
)
