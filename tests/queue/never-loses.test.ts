import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import {
  createQueue,
  memoryStore,
  type Ended,
  type Queue,
  type QueueStore,
  type Sending,
} from '../../src/queue/index.js'
import { fakeConnection, statusError, type FakeConnection } from './rig.js'

/** What a server, or the way to it, does with one sending. */
const ANSWERS = [
  'ok',
  'applied, answer lost',
  'lost',
  400,
  409,
  412,
  429,
  503,
  500,
  'applied, then 500',
] as const
type AnswerKind = (typeof ANSWERS)[number]

type Command =
  | {
      readonly do: 'enqueue'
      readonly lane: 'a' | 'b'
      readonly handler: 'order' | 'mail'
      readonly follows: boolean
    }
  | { readonly do: 'answer'; readonly which: number; readonly how: AnswerKind }
  | {
      readonly do: 'link'
      readonly to: 'up' | 'down' | 'planned' | 'suspect' | 'offline' | 'online'
      readonly applied: boolean
    }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'crash'; readonly applied: boolean }
  | { readonly do: 'store'; readonly failing: boolean }
  | { readonly do: 'retry' | 'discard'; readonly which: number }

const commands = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('enqueue' as const),
        lane: fc.constantFrom('a' as const, 'b' as const),
        handler: fc.constantFrom('order' as const, 'order' as const, 'mail' as const),
        follows: fc.boolean(),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        which: fc.nat(5),
        how: fc.constantFrom(...ANSWERS),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('link' as const),
        to: fc.constantFrom('up', 'up', 'down', 'planned', 'suspect', 'offline', 'online'),
        applied: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), applied: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('store' as const), failing: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('retry' as const, 'discard' as const), which: fc.nat(5) }),
    },
  ) as fc.Arbitrary<Command>,
  { maxLength: 45 },
)

interface Wire extends Sending {
  readonly n: number
  readonly lane: string
  readonly handler: 'order' | 'mail'
  answer(how: AnswerKind): void
  apply(): void
}

/** A server that keeps its book, a store that may fail, and page after page over it. */
function world() {
  const clock = manualClock()
  const kept = memoryStore()
  const wire: Wire[] = []
  const effects = new Map<number, number>()
  const keys = new Map<number, Set<string>>()
  const firstSent: { lane: string; n: number }[] = []
  const honoured = new Set<string>()
  const faults: string[] = []
  let isFailing = false

  const receive = (handler: 'order' | 'mail') => (sending: Sending) =>
    new Promise((resolve, reject) => {
      const { n, lane } = sending.payload as { n: number; lane: string }
      if (wire.some((other) => other.lane === lane && !other.signal.aborted))
        faults.push(`two in flight in ${lane}`)
      if (!keys.has(n)) firstSent.push({ lane, n })
      keys.set(n, (keys.get(n) ?? new Set()).add(sending.key))
      const gone = () => void wire.splice(wire.indexOf(call), 1)
      const call: Wire = {
        ...sending,
        n,
        lane,
        handler,
        apply() {
          if (handler === 'order' && honoured.has(sending.key)) return
          honoured.add(sending.key)
          effects.set(n, (effects.get(n) ?? 0) + 1)
        },
        answer(how) {
          gone()
          if (how === 'ok' || how === 'applied, answer lost' || how === 'applied, then 500') call.apply()
          // A key that was applied is answered from memory: a refusal means that nothing was applied.
          if (how === 'ok' || (typeof how === 'number' && handler === 'order' && honoured.has(sending.key)))
            resolve(n)
          else if (how === 'lost' || how === 'applied, answer lost') reject(new TypeError('Failed to fetch'))
          else reject(statusError(typeof how === 'number' ? how : 500))
        },
      }
      wire.push(call)
      sending.signal.addEventListener('abort', gone)
    })

  const open = (page: number) => {
    let isDead = false
    const store: QueueStore = {
      ...kept,
      write: async (about, work) => {
        if (isDead || isFailing) throw new Error('the store fails')
        return kept.write(about, work)
      },
    }
    const connection = fakeConnection(clock, page)
    const queue = createQueue({
      connection,
      store,
      scope: 'ann',
      handlers: { order: { honoursKeys: true, send: receive('order') }, mail: receive('mail') },
    })
    queue.start()
    const die = () => {
      isDead = true
      queue.stop()
    }
    return { queue, connection, die }
  }

  return {
    clock,
    wire,
    effects,
    keys,
    firstSent,
    faults,
    open,
    fail: (failing: boolean) => void (isFailing = failing),
  }
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

function setLink(connection: FakeConnection, to: Extract<Command, { do: 'link' }>['to']): void {
  if (to === 'up') connection.up()
  else if (to === 'suspect') connection.suspect()
  else if (to === 'offline' || to === 'online') connection.setIntent(to)
  else connection.down(to === 'planned' ? 'planned' : 'server')
}

async function play(script: readonly Command[]) {
  const made = world()
  const { clock, wire } = made
  const accepted: { n: number; id: string; ends: Ended[] }[] = []
  const discarded = new Set<number>()
  const retried = new Set<number>()
  const follows = new Map<number, number>()
  let n = 0
  let page = made.open(0)
  const number = (queue: Queue, id: string) =>
    (queue.actions.find((action) => action.id === id)?.payload as { n: number } | undefined)?.n

  const enqueue = ({ lane, handler, follows: isFollower }: Extract<Command, { do: 'enqueue' }>) => {
    const own = n++
    const before = isFollower ? accepted.at(-1) : undefined
    if (before) follows.set(own, before.n)
    const request = {
      handler,
      lane,
      payload: { n: own, lane },
      label: `${own}`,
      after: before ? [before.id] : [],
    }
    page.queue.enqueue(request).then(
      ({ id, settled }) => {
        const entry = { n: own, id, ends: [] as Ended[] }
        accepted.push(entry)
        void settled.then((ended) => entry.ends.push(ended))
      },
      () => discarded.add(own),
    )
  }

  for (const command of script) {
    switch (command.do) {
      case 'enqueue':
        enqueue(command)
        break
      case 'answer':
        at(wire, command.which)?.answer(command.how)
        break
      case 'link':
        if (command.to === 'down' && command.applied) for (const call of wire) call.apply()
        setLink(page.connection, command.to)
        break
      case 'advance':
        await clock.advance(command.ms)
        break
      case 'crash':
        if (command.applied) for (const call of wire) call.apply()
        page.die()
        await clock.settle()
        page = made.open(n + 1_000)
        break
      case 'store':
        made.fail(command.failing)
        break
      default: {
        const id = at(page.queue.actions, command.which)?.id
        const gone = id === undefined ? undefined : number(page.queue, id)
        if (id !== undefined && command.do === 'retry') {
          page.queue.retry(id).then(
            () => retried.add(gone!),
            () => {},
          )
        }
        if (id !== undefined && command.do === 'discard') {
          page.queue.discard(id).then(
            () => discarded.add(gone!),
            () => {},
          )
        }
      }
    }
    await clock.settle()
  }
  /** Tried again by hand: it went to the end of its lane, and what follows it waits for it there. */
  const isAside = (one: number): boolean => {
    const leader = follows.get(one)
    return retried.has(one) || (leader !== undefined && isAside(leader))
  }
  return { ...made, accepted, discarded, isAside, page: () => page }
}

test('every accepted action is applied once, or shown; in order, one at a time; every promise settles once (I01, I05, I06, I13)', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const { clock, wire, effects, keys, firstSent, faults, accepted, discarded, isAside, fail, page } =
        await play(script)
      // All is well again, and stays so.
      fail(false)
      page().connection.up()
      page().connection.setIntent('online')
      for (let quiet = 0; quiet < 3; quiet++) {
        await clock.advance(60_000)
        if (wire.length > 0) quiet = 0
        for (const call of [...wire]) call.answer('ok')
      }
      const { queue } = page()
      const shown = new Set(queue.actions.map(({ payload }) => (payload as { n: number }).n))
      expect(faults).toEqual([])
      for (const { n } of accepted) {
        const times = effects.get(n) ?? 0
        expect(times, `${n} was applied`).toBeLessThanOrEqual(1)
        if (!discarded.has(n) && !shown.has(n)) expect(times, `${n} was neither applied nor shown`).toBe(1)
        expect(keys.get(n)?.size ?? 1, `keys of ${n}`).toBe(1)
      }
      for (const { state } of queue.actions) {
        expect(['failed', 'conflict', 'unconfirmed', 'blocked'], 'what is left needs a person').toContain(
          state.name,
        )
      }
      for (const lane of ['a', 'b']) {
        const order = firstSent.filter((sent) => sent.lane === lane && !isAside(sent.n)).map(({ n }) => n)
        expect(order, `order of lane ${lane}`).toEqual([...order].sort((one, other) => one - other))
      }
      queue.stop()
      await clock.settle()
      for (const { n, ends } of accepted) {
        expect(ends, `ends of ${n}`).toHaveLength(1)
        if (ends[0]?.outcome === 'confirmed') expect(effects.get(n), `${n} is said to be done`).toBe(1)
        if (ends[0]?.outcome === 'failed' && ends[0].why === 'rejected')
          expect(shown.has(n) || discarded.has(n) || effects.get(n) === 1).toBe(true)
      }
      expect(clock.pending(), 'timers left').toBe(0)
      expect(page().connection.wanted).toBe(0)
    }),
    { numRuns: 3000 },
  )
}, 500_000)
