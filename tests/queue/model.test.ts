import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands, newModel, type Model } from './model/commands.js'
import type { User } from './model/server.js'
import { createWorld, written, type World } from './model/world.js'

/** `npm run soak` tries it more often, though not as often as the pure machines: a run takes some 30 ms. */
const numRuns = fc.readConfigureGlobal().numRuns === undefined ? 200 : 5_000

/** All is well again, and stays so, for whoever is signed in. */
async function drain({ clock, server }: World): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) {
    await clock.advance(60_000)
    if (server.out.length > 0) quiet = 0
    for (const call of [...server.out]) call.answer('ok')
  }
  await clock.settle()
}

/** Everybody comes once more: what was accepted is applied, or shown to its owner as in need of them. */
async function checkAtLast(model: Model, world: World): Promise<void> {
  const { tabs, server, clock } = world
  world.refuse('nothing')
  world.setLink(true)
  await world.close(1, false)
  const other: User = model.user === 'ann' ? 'bob' : 'ann'
  for (const user of [model.user, other]) {
    world.signIn(user)
    await world.open(0)
    await drain(world)
    const shown = new Map(tabs[0]!.queue.actions.map((action) => [written(action).n, action.state.name]))
    for (const state of shown.values()) {
      expect(['failed', 'conflict', 'unconfirmed', 'blocked'], 'what is left needs a person').toContain(state)
    }
    for (const { n, owner } of model.kept.values()) {
      if (owner !== user) continue
      const times = server.effects.get(n) ?? 0
      const state = shown.get(n)
      if (state === undefined) expect(times, `${n} was neither applied nor shown`).toBe(1)
      else if (state !== 'unconfirmed') expect(times, `${n} is shown as ${state}`).toBe(0)
    }
    await world.close(0, false)
  }
  expect(server.faults).toEqual([])
  expect(clock.pending(), 'timers left').toBe(0)
}

test('whatever a person, a network and a browser do: no action is lost, doubled, reordered in its lane or sent as someone else (I01 to I09, I13, I14)', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const model = newModel()
      const world = createWorld()
      await world.open(0)
      await fc.asyncModelRun(() => ({ model, real: world }), script)
      await checkAtLast(model, world)
    }),
    { numRuns },
  )
}, 1_200_000)
