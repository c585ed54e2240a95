import { expect, it } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import type { ConnectionEvent } from '../../src/core/state.js'
import { createStatusPolicy } from '../../src/status/options.js'
import { initialStatus, reduce } from '../../src/status/reduce.js'
import { steady } from '../../src/presets.js'
import { createWalk } from '../core/walk.js'

const BLIP_MS = 700
const LATENCY_MS = 50
const SEEDS = 10_000

/** Both machines through one blip: every surface that showed, and when the link was up again. */
function playBlip(seed: number) {
  const random = seededRandom(seed)
  const core = createWalk({ schedule: steady }, () => random.next())
  const policy = createStatusPolicy()
  let status = initialStatus(core.state, null, policy, core.now)
  const surfaces = new Set<string>()
  const look = (event: Parameters<typeof reduce>[1]) => {
    status = reduce(status, event, policy, core.now)
    surfaces.add(status.view.surface)
  }
  const send = (event: ConnectionEvent) => {
    core.send(event)
    look({ type: 'CONNECTION', state: core.state, service: null })
  }
  /** Lets time pass to an instant, with the status' own timer on the way. */
  const goTo = (at: number) => {
    while (core.now < at) {
      core.advance(Math.min(at, status.nextAt ?? at, core.timerAt ?? at) - core.now)
      look({ type: 'CONNECTION', state: core.state, service: null })
      if (status.nextAt !== null && status.nextAt <= core.now) look({ type: 'TICK' })
    }
  }

  send({ type: 'START' })
  send({ type: 'PROBE_OK', boot: 'one' })
  goTo(core.now + 60_000)
  const lostAt = core.now
  send({ type: 'SUSPICION', cause: 'server' })
  while (core.state.link.name !== 'online') {
    if (core.probes === 0) goTo(core.timerAt!)
    const isUp = core.now - lostAt >= BLIP_MS
    goTo(core.now + LATENCY_MS)
    send(isUp ? { type: 'PROBE_OK', boot: 'one' } : { type: 'PROBE_FAILED', cause: 'server' })
  }
  const upAfterMs = core.now - lostAt
  goTo(core.now + 10_000)
  return { surfaces: [...surfaces], upAfterMs }
}

it(`R01, ux-1: a blip of 0.7 s shows nothing, for ${SEEDS} seeds of the default schedule`, () => {
  let latest = 0
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const { surfaces, upAfterMs } = playBlip(seed)
    if (surfaces.join() !== 'none') throw new Error(`seed ${seed}: ${surfaces.join()} after ${upAfterMs} ms`)
    latest = Math.max(latest, upAfterMs)
  }
  // The second try begins 0.9 s after the loss at the latest.
  expect(latest).toBeLessThanOrEqual(950)
  expect(latest).toBeGreaterThan(900)
}, 60_000)
