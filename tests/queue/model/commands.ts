/** What a person, a network and a browser may do, beside what a simple model expects of it. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Action } from '../../../src/queue/index.js'
import { ANSWERS, type AnswerKind, type User, type Written } from './server.js'
import { written, type World } from './world.js'

/** What was accepted and not let go, and what became of the rest. */
export interface Model {
  /** The next write. */
  next: number
  user: User
  isFull: boolean
  readonly isOpen: [boolean, boolean]
  readonly kept: Map<number, Written>
  /** Let go by a person: applied at most once, and nothing else is said about them. */
  readonly released: Set<number>
  /** Went to another place by hand. */
  readonly moved: Set<number>
  /** A later one took its place: it must never arrive. */
  readonly replaced: Set<number>
}

export const newModel = (): Model => ({
  next: 0,
  user: 'ann',
  isFull: false,
  isOpen: [true, false],
  kept: new Map(),
  released: new Set(),
  moved: new Set(),
  replaced: new Set(),
})

type Command = fc.AsyncCommand<Model, World>
type Run = (model: Model, world: World) => Promise<unknown> | unknown

/** A command whose every step comes to rest, and after which everything is checked. */
const command = (name: string, run: Run, check: (model: Model) => boolean = () => true): Command => ({
  check,
  toString: () => name,
  async run(model, world) {
    await run(model, world)
    await world.clock.settle()
    await checkAlways(model, world)
  },
})

const enqueue = (
  tab: number,
  lane: 'a' | 'b',
  handler: 'order' | 'mail',
  follows: boolean,
  key: string | null,
) =>
  command(
    `enqueue ${lane} ${handler}${follows ? ' after the last' : ''}${key ? ` coalescing ${key}` : ''} in tab ${tab}`,
    async (model, { tabs, clock, ends, note }) => {
      const n = model.next++
      const { queue } = tabs[tab]!
      const before = follows ? queue.actions.slice(-1) : []
      const due = key === null ? undefined : findReplaced(queue.actions, { lane, handler, key })
      const write: Written = {
        n,
        value: 0,
        lane: `${model.user} ${lane}`,
        owner: model.user,
        after: before.map((action) => written(action).n).filter((other) => other !== due),
      }
      const request = { handler, lane, payload: write, label: `${n}`, after: before.map(({ id }) => id) }
      const accepting = queue
        .enqueue({ ...request, ...(key === null ? {} : { coalesce: { key } }) })
        .catch(() => null)
      await clock.settle()
      const accepted = await accepting
      expect(accepted !== null, `${n} is accepted`).toBe(!model.isFull)
      if (!accepted) return
      model.kept.set(n, write)
      if (due !== undefined) {
        const isReplaced = ends.some((end) => end.n === due && end.ended.outcome === 'replaced')
        expect(isReplaced, `${n} takes the place of ${due}`).toBe(true)
      }
      void accepted.settled.then((ended) => note(n, ended))
    },
    ({ isOpen }) => isOpen[tab]!,
  )

/** The last one of its key that was never sent and that nobody follows. */
function findReplaced(
  actions: readonly Action[],
  by: { readonly lane: string; readonly handler: string; readonly key: string },
): number | undefined {
  const followed = new Set(actions.flatMap(({ after }) => after))
  const found = actions.findLast(
    ({ id, lane, handler, coalesce, state, firstSentAt }) =>
      lane === by.lane &&
      handler === by.handler &&
      coalesce?.key === by.key &&
      (state.name === 'queued' || state.name === 'blocked') &&
      firstSentAt === null &&
      !followed.has(id),
  )
  return found && written(found).n
}

const byHand = (what: 'retry' | 'discard' | 'edit', tab: number, which: number) =>
  command(
    `${what} no. ${which} in tab ${tab}`,
    async (model, { tabs, clock }) => {
      const { queue } = tabs[tab]!
      const action = queue.actions[which % Math.max(1, queue.actions.length)]
      if (!action) return
      const write = written(action)
      const changed = { ...write, value: write.value + 1 }
      const doing = what === 'edit' ? queue.edit(action.id, { payload: changed }) : queue[what](action.id)
      const done = doing.then(
        (id) => ({ id }),
        () => null,
      )
      await clock.settle()
      const result = await done
      if (!result) return
      if (what === 'discard') release(model, write.n)
      if (what === 'edit') model.kept.set(write.n, changed)
      if (what === 'retry' || (what === 'edit' && result.id !== action.id)) model.moved.add(write.n)
    },
    ({ isOpen }) => isOpen[tab]!,
  )

const release = (model: Model, n: number) => {
  model.kept.delete(n)
  model.released.add(n)
}

const answer = (which: number, how: AnswerKind) =>
  command(`answer no. ${which}: ${how}`, (_, { server }) =>
    server.out[which % server.out.length || 0]?.answer(how),
  )

const page = (what: 'reload' | 'crash', tab: number) =>
  command(
    `${what} tab ${tab}`,
    async (_, world) => {
      await world.close(tab, what === 'crash')
      await world.open(tab)
    },
    ({ isOpen }) => isOpen[tab]!,
  )

const secondTab = (open: boolean, crash: boolean) =>
  command(
    open ? 'open tab 1' : `close tab 1${crash ? ' by a crash' : ''}`,
    async (model, world) => {
      model.isOpen[1] = open
      await (open ? world.open(1) : world.close(1, crash))
    },
    ({ isOpen }) => isOpen[1] !== open,
  )

const quota = (what: 'nothing' | 'strict' | 'all') =>
  command(`the store refuses ${what}`, (model, world) => {
    model.isFull = what !== 'nothing'
    world.refuse(what)
  })

/** In every tab at once, as a browser's session is; whoever comes next signs in in the same tabs. */
const signOut = (how: 'keep' | 'export' | 'erase', next: User, tab: number) =>
  command(
    `sign out (${how}) in tab ${tab}, ${next} comes`,
    async (model, world) => {
      const own = [...model.kept.values()].filter(({ owner }) => owner === model.user).map(({ n }) => n)
      const saved: number[] = []
      const save = (actions: readonly Parameters<typeof written>[0][]) =>
        void saved.push(...actions.map((action) => written(action).n))
      const leaving = world.tabs[tab]!.queue.signOut({ actions: how, ...(how === 'export' ? { save } : {}) })
      const left = leaving.then(
        () => true,
        () => false,
      )
      await world.clock.settle()
      await left
      const waiting = own.filter((n) => model.kept.has(n) && !world.server.effects.has(n))
      if (how === 'export') expect(saved).toEqual(expect.arrayContaining(waiting))
      if (how !== 'keep') for (const n of own) release(model, n)
      for (const which of [0, 1]) if (model.isOpen[which]) await world.close(which, false)
      model.user = next
      world.signIn(next)
      for (const which of [0, 1]) if (model.isOpen[which]) await world.open(which)
    },
    // A store that refuses keeps what was to be erased: tried by itself in sign-out.test.ts.
    ({ isOpen, isFull }) => isOpen[tab]! && !isFull,
  )

const lane = fc.constantFrom('a' as const, 'b' as const)
const tab = fc.constantFrom(0, 0, 1)
const handler = fc.constantFrom('order' as const, 'order' as const, 'mail' as const)
const key = fc.option(fc.constantFrom('x', 'y'), { freq: 2 })

/** Commands, those that matter most more often. */
export const commands = fc.commands(
  [
    fc.tuple(tab, lane, handler, fc.boolean(), key).map((given) => enqueue(...given)),
    fc.tuple(tab, lane, handler, fc.constant(false), fc.constant(null)).map((given) => enqueue(...given)),
    fc.tuple(fc.nat(3), fc.constantFrom(...ANSWERS)).map((given) => answer(...given)),
    fc.tuple(fc.nat(3), fc.constantFrom(...ANSWERS)).map((given) => answer(...given)),
    fc
      .tuple(fc.constantFrom('retry' as const, 'discard' as const, 'edit' as const), tab, fc.nat(5))
      .map((given) => byHand(...given)),
    fc.tuple(tab, fc.nat(1)).map(([which, first]) => byHand('edit', which, first)),
    fc.tuple(fc.nat(1), fc.constantFrom(429 as const, 503 as const)).map((given) => answer(...given)),
    fc.boolean().map((up) => command(up ? 'recover' : 'lose', (_, world) => world.setLink(up))),
    fc
      .integer({ min: 1, max: 30_000 })
      .map((ms) => command(`${ms} ms pass`, (_, { clock }) => clock.advance(ms))),
    fc.constant(command('late requests arrive', (_, { server }) => server.deliverLate())),
    fc.tuple(fc.constantFrom('reload' as const, 'crash' as const), tab).map((given) => page(...given)),
    fc.tuple(fc.boolean(), fc.boolean()).map((given) => secondTab(...given)),
    fc.constantFrom('nothing' as const, 'nothing' as const, 'strict' as const, 'all' as const).map(quota),
    fc
      .tuple(
        fc.constantFrom('keep' as const, 'keep' as const, 'export' as const, 'erase' as const),
        fc.constantFrom('ann' as const, 'bob' as const),
        tab,
      )
      .map((given) => signOut(...given)),
  ],
  { maxCommands: 60, size: 'max' },
)

/** What holds at every moment: nothing doubled, nothing as someone else, nothing out of order, nothing gone. */
async function checkAlways(model: Model, world: World): Promise<void> {
  const { server } = world
  const rows = await world.stored()
  const numbers = rows.map((row) => written(row).n)
  for (const { n, ended, effects } of world.ends.splice(0)) {
    if (ended.outcome === 'confirmed') expect(effects, `${n} is said to be done`).toBe(1)
    if (ended.outcome === 'failed') expect(effects, `${n} is said to have failed`).toBe(0)
    if (ended.outcome !== 'replaced') continue
    model.kept.delete(n)
    model.replaced.add(n)
  }
  expect(server.faults).toEqual([])
  expect(new Set(numbers).size, 'rows are there once').toBe(numbers.length)
  for (const [n, times] of server.effects) expect(times, `${n} was applied`).toBe(1)
  for (const n of model.kept.keys()) {
    expect(numbers.includes(n) || server.effects.has(n), `${n} is kept or applied`).toBe(true)
  }
  for (const n of model.replaced) {
    const wasSent = server.sends.some((sent) => sent.n === n)
    expect(wasSent, `${n} was replaced, and so never sent`).toBe(false)
  }
  for (const { n, early } of server.sends) {
    if (!model.moved.has(n)) expect(early, `${n} was sent before what it follows`).toEqual([])
  }
  /** Moved by hand, or waiting for one that was: its lane goes on without it. */
  const isAside = (n: number): boolean =>
    model.moved.has(n) || (server.sends.find((sent) => sent.n === n)?.after ?? []).some(isAside)
  for (const lane of new Set(server.sends.map((sent) => sent.lane))) {
    const order = server.sends.filter((sent) => sent.lane === lane && !isAside(sent.n)).map(({ n }) => n)
    expect(order, `order of ${lane}`).toEqual([...order].sort((one, other) => one - other))
  }
}
