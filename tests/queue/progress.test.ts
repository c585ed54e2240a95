/** "3 of 7" is confirmed of accepted: whatever fails on the way stays in the seven. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from '../../src/queue/index.js'
import { rig } from './rig.js'

type Desk = Awaited<ReturnType<typeof rig>>

const progress = ({ queue: { facts } }: Desk) => `${facts.sent} of ${facts.total}`

const STUCK = new Set(['failed', 'conflict', 'blocked'])
const isStuck = ({ state }: Desk['queue']['actions'][number]) =>
  STUCK.has(state.name) || (state.name === 'unconfirmed' && state.next === 'person')

/** What may happen next; `which` picks one of those that it may happen to. */
const DEEDS = [
  'accept',
  'follow',
  'confirm',
  'refuse',
  'conflict',
  'discard',
  'retry',
  'lose',
  'come',
] as const
const anyDeeds = fc.array(fc.record({ deed: fc.constantFrom(...DEEDS), which: fc.nat({ max: 9 }) }), {
  minLength: 10,
  maxLength: 40,
  size: 'max',
})

async function act(desk: Desk, deed: (typeof DEEDS)[number], which: number): Promise<void> {
  const { queue, calls, connection } = desk
  const kept = queue.actions
  const pick = kept[which % Math.max(1, kept.length)]
  if (deed === 'accept') await desk.add('one', { lane: `lane ${which % 3}` })
  else if (deed === 'follow' && pick) await desk.add('two', { after: [pick.id] })
  else if (deed === 'confirm') calls.forEach((call, place) => place % 2 === which % 2 && call.ok())
  else if (deed === 'refuse') calls.at(-1 - (which % 3))?.status(422)
  else if (deed === 'conflict') calls.at(-1)?.status(412)
  else if (deed === 'discard' && pick && pick.state.name !== 'sending') await queue.discard(pick.id)
  else if (deed === 'retry' && pick && ['failed', 'conflict'].includes(pick.state.name))
    await queue.retry(pick.id)
  else if (deed === 'lose') connection.down()
  else if (deed === 'come') connection.up()
  await desk.clock.settle()
}

test('ux-45 whatever happens, it counts the confirmed of those that this run has accepted', async () => {
  await fc.assert(
    fc.asyncProperty(anyDeeds, async (deeds) => {
      const desk = await rig()
      const run = new Set<string>()
      let confirmed = 0
      let wasBusy = false
      desk.queue.onSettled(({ ended }) => void (ended.outcome === 'confirmed' && (confirmed += 1)))
      for (const { deed, which } of deeds) {
        const before = desk.queue.facts.total
        const known = new Set(desk.queue.actions.map(({ id }) => id))
        await act(desk, deed, which)
        const { facts, actions } = desk.queue
        const pending = actions.filter((action) => !isStuck(action)).map(({ id }) => id)
        const begins = pending.length > 0 && !wasBusy
        if (begins) {
          run.clear()
          confirmed = 0
        }
        pending.forEach((id) => run.add(id))
        // Accepted, and at once behind something that needs a person.
        actions.filter(({ id }) => !known.has(id)).forEach(({ id }) => run.add(id))
        wasBusy = pending.length > 0
        const kept = actions.filter(({ id }) => run.has(id)).length
        expect([facts.sent, facts.total]).toEqual([confirmed, confirmed + kept])
        // Only what a person lets go is no longer counted.
        if (!begins && deed !== 'discard') expect(facts.total).toBeGreaterThanOrEqual(before)
      }
      desk.queue.stop()
    }),
    { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 300) },
  )
}, 120_000)

test('ux-45 of seven one is refused: it ends with 6 of 7, and the next run counts anew', async () => {
  const desk = await rig()
  desk.connection.down()
  for (let n = 1; n <= 7; n++) await desk.add(`${n}`)
  desk.connection.up()
  const seen = [progress(desk)]
  for (let n = 1; n <= 7; n++) {
    await desk.clock.settle()
    if (n === 3) desk.last().status(422)
    else desk.last().ok()
    await desk.clock.settle()
    seen.push(progress(desk))
  }
  expect(seen).toEqual(['0 of 7', '1 of 7', '2 of 7', '2 of 7', '3 of 7', '4 of 7', '5 of 7', '6 of 7'])
  expect(desk.queue.facts).toMatchObject({ waiting: 0, failed: 1 })
  await desk.add('8')
  expect(progress(desk)).toBe('0 of 1')
  await desk.queue.retryFailed()
  await desk.clock.settle()
  expect(progress(desk)).toBe('0 of 2')
})

test('ux-45 what failed before the page was loaded is none of what it sends', async () => {
  const store = memoryStore()
  const before = await rig({ store })
  await before.add('bad')
  before.last().status(422)
  await before.clock.settle()
  before.connection.down()
  await before.add('good')
  before.queue.stop()
  const after = await rig({ store, clock: before.clock, seed: 2, isDown: true })
  expect(progress(after)).toBe('0 of 1')
  after.connection.up()
  await after.clock.settle()
  after.last().ok()
  await after.clock.settle()
  expect(progress(after)).toBe('1 of 1')
})
