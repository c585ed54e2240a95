import { http, HttpResponse } from 'msw'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import { createPlayback, type PlaybackOptions, type Setting } from '../../mocks/playback/playback.js'
import { standardRepertoire } from '../../mocks/playback/repertoire.js'
import type { Command, Script } from '../../mocks/playback/script.js'

const BASE = 'https://api.example'

/** An application that asks once a second, and gives up what takes two. */
function startApplication(network: Network): void {
  const ask = (): void => {
    void network.fetch(`${BASE}/list`, { signal: abortAfter(network, 2000) }).catch(() => {})
    network.clock.setTimeout(ask, 1000)
  }
  ask()
}

function abortAfter({ clock }: Network, ms: number): AbortSignal {
  const controller = new AbortController()
  clock.setTimeout(() => controller.abort(), ms)
  return controller.signal
}

function build({ clock, seed }: Setting): Network {
  const network: Network = createNetwork({
    ...{ clock, seed },
    handlers: [
      http.get(`${BASE}/list`, async () => {
        await network.delay(100)
        return HttpResponse.json([])
      }),
    ],
  })
  return network
}

const mount = async (network: Network): Promise<void> => startApplication(network)

const create = (options: Partial<PlaybackOptions> = {}) =>
  createPlayback({ build, mount, plays: false, ...options })

const FLAKY: Script = { seed: 7, commands: [{ atMs: 0, do: 'run', what: 'flaky' }] }

describe('a playback', () => {
  test('goes to a time, exactly to the millisecond, and stands there', async () => {
    const playback = create()
    playback.seek(2345)
    await playback.settled()
    expect([playback.nowMs, playback.state.name]).toEqual([2345, 'paused'])
    expect(playback.network.clock.now()).toBe(playback.startAt + 2345)
    expect(playback.network.log.map(({ at }) => at - playback.startAt)).toEqual([140, 1140, 2140])
  })

  test('B02: going back is another world in which the same has happened, byte for byte', async () => {
    const playback = create({ script: FLAKY })
    playback.seek(9_000)
    await playback.settled()
    const hash = playback.network.logHash()
    const first = playback.network
    playback.seek(3_000)
    await playback.settled()
    expect(playback.network).not.toBe(first)
    expect(playback.world).toBe(2)
    expect(playback.nowMs).toBe(3_000)
    playback.seek(9_000)
    await playback.settled()
    expect(playback.world).toBe(2)
    expect(playback.network.logHash()).toBe(hash)
  })

  test('what was done by hand is done again at its time, and nothing else is', async () => {
    const playback = create()
    playback.seek(1500)
    await playback.settled()
    playback.do({ do: 'begin', what: 'offline' })
    await playback.settled()
    expect(playback.nowMs).toBe(1501)
    expect(playback.network.device.onLine).toBe(false)
    playback.seek(4000)
    await playback.settled()
    playback.do({ do: 'end', what: 'offline' })
    playback.seek(8000)
    await playback.settled()
    const hash = playback.network.logHash()
    playback.seek(1000)
    await playback.settled()
    expect(playback.network.device.onLine).toBe(true)
    playback.seek(8000)
    await playback.settled()
    expect(playback.network.logHash()).toBe(hash)
    expect(playback.network.calls({ end: 'offline' }).length).toBe(3)
  })

  test('a command is done in its millisecond', async () => {
    const heard: number[] = []
    const commands = [
      { atMs: 1000, do: 'begin', what: 'offline' },
      { atMs: 1001, do: 'end', what: 'offline' },
    ] as const
    const playback = createPlayback({
      build,
      mount: async ({ clock, device }) => void device.on(() => heard.push(clock.now() - playback.startAt)),
      plays: false,
      script: { seed: 1, commands },
    })
    playback.seek(5000)
    await playback.settled()
    expect(heard).toEqual([1000, 1001])
  })

  test('what is done by hand in the middle of a quick passage is done again at the same time', async () => {
    const real = manualClock()
    let isDone = false
    const playback = create({
      ...{ real, plays: true, speed: 100 },
      async mount(network) {
        startApplication(network)
        network.onLog(() => {
          if (!isDone) playback.do({ do: 'begin', what: 'offline' })
          isDone = true
        })
      },
    })
    for (let frames = 0; frames < 4; frames++) {
      await tick()
      await real.advance(16)
    }
    await tick()
    playback.pause()
    await real.advance(16)
    await playback.settled()
    const { nowMs } = playback
    const hash = playback.network.logHash()
    expect(playback.network.calls({ end: 'offline' }).length).toBeGreaterThan(0)
    playback.seek(0)
    await playback.settled()
    playback.seek(nowMs)
    await playback.settled()
    expect(playback.network.logHash()).toBe(hash)
    playback.dispose()
  })

  test('property: a replay of whatever was done by hand, whenever, gives the same log', async () => {
    const { buttons, scenarios } = standardRepertoire
    const command = fc.oneof(
      fc.record({ do: fc.constantFrom('begin', 'end'), what: fc.constantFrom(...Object.keys(buttons)) }),
      fc.record({ do: fc.constant('run'), what: fc.constantFrom(...Object.keys(scenarios)) }),
      fc.constant({ do: 'calm' }),
    ) as fc.Arbitrary<Command>
    const acts = fc.array(fc.tuple(fc.integer({ min: 0, max: 1200 }), command), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const playback = create({ script: { seed: 3, commands: [] } })
        for (const [waitMs, what] of list) {
          playback.seek(playback.nowMs + waitMs)
          await playback.settled()
          playback.do(what)
          await playback.settled()
        }
        const endMs = playback.nowMs + 3000
        playback.seek(endMs)
        await playback.settled()
        const hash = playback.network.logHash()
        playback.seek(0)
        await playback.settled()
        playback.seek(endMs)
        await playback.settled()
        expect(playback.network.logHash()).toBe(hash)
        playback.dispose()
      }),
      { numRuns: import.meta.env.MODE === 'soak' ? 300 : 15 },
    )
  })

  test('a step goes to the next event and no further: a line, a request that leaves, an edge of the script', async () => {
    const playback = create({ script: { seed: 1, commands: [{ atMs: 300, do: 'begin', what: 'latency' }] } })
    const seen: number[] = []
    for (let steps = 0; steps < 4; steps++) {
      playback.step()
      await playback.settled()
      seen.push(playback.nowMs)
    }
    expect(seen).toEqual([140, 300, 1000, expect.any(Number)])
    expect(seen[3]).toBeGreaterThan(1500)
  })

  test('a step where nothing happens goes a virtual minute', async () => {
    const playback = createPlayback({ build, plays: false })
    playback.step()
    await playback.settled()
    expect(playback.nowMs).toBe(60_000)
  })

  test('plays by the real time, faster and slower, and stands still when paused', async () => {
    const real = manualClock()
    const playback = create({ real, plays: true, speed: 10 })
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 16) {
        await real.advance(16)
        await tick()
      }
    }
    await tick()
    await pass(320)
    expect(playback.nowMs).toBe(3200)
    playback.setSpeed(0.1)
    await pass(320)
    expect(playback.nowMs).toBe(3232)
    playback.pause()
    await pass(320)
    expect(playback.nowMs).toBe(3232)
    expect(playback.state.name).toBe('paused')
    playback.dispose()
  })

  test('a world stands still until the application is there', async () => {
    const real = manualClock()
    let arrive = (): void => {}
    const playback = createPlayback({
      build,
      real,
      mount: () => new Promise<void>((resolve) => (arrive = resolve)),
    })
    await real.advance(1000)
    await tick()
    expect(playback.nowMs).toBe(0)
    arrive()
    await tick()
    await real.advance(16)
    await tick()
    expect(playback.nowMs).toBe(16)
    playback.dispose()
  })

  test('of several times that are asked for while it is on its way the last one counts', async () => {
    const playback = create({ script: FLAKY })
    for (const toMs of [9000, 100, 7000, 4000]) playback.seek(toMs)
    await playback.settled()
    expect([playback.nowMs, playback.state.name]).toEqual([4000, 'paused'])
  })

  test('another seed and "start over" begin anew', async () => {
    const playback = create({ script: FLAKY })
    playback.seek(9000)
    await playback.settled()
    const hash = playback.network.logHash()
    playback.setSeed(8)
    await playback.settled()
    expect(playback.nowMs).toBe(0)
    playback.seek(9000)
    await playback.settled()
    expect(playback.network.logHash()).not.toBe(hash)
    playback.clear()
    await playback.settled()
    expect([playback.nowMs, playback.script]).toEqual([0, { seed: 8, commands: [] }])
  })

  test('a world that does not go on says why, and another time is tried with a new one', async () => {
    const breakDown = (network: Network): void => {
      network.clock.setTimeout(() => {
        throw new Error('a broken timer')
      }, 500)
    }
    let worlds = 0
    const playback = create({
      build: ({ clock, seed }) => createNetwork({ clock, seed }),
      mount: async (network) => (worlds++ === 0 ? breakDown(network) : undefined),
    })
    playback.seek(1000)
    await playback.settled()
    expect(playback.state).toMatchObject({ name: 'failed', why: 'a broken timer' })
    playback.seek(1000)
    await playback.settled()
    expect([playback.state.name, playback.nowMs]).toEqual(['paused', 1000])
  })

  test('ends with its network: what was under way is rejected, and nothing goes on', async () => {
    const playback = create()
    playback.seek(50)
    await playback.settled()
    const hanging = playback.network.fetch(`${BASE}/list`).catch(() => 'ended')
    playback.dispose()
    expect(await hanging).toBe('ended')
    playback.seek(1000)
    await playback.settled()
    expect(playback.nowMs).toBe(50)
  })

  test('ends with both its worlds, also while the application never arrives in the second', async () => {
    let worlds = 0
    const playback = create({ mount: async () => (worlds++ === 0 ? undefined : new Promise(() => {})) })
    playback.seek(50)
    await playback.settled()
    const first = playback.network
    const hanging = first.fetch(`${BASE}/list`).catch(() => 'ended')
    playback.seek(0)
    await tick()
    expect(playback.world).toBe(2)
    playback.dispose()
    expect(await hanging).toBe('ended')
    expect(first.pending).toBe(0)
  })

  test('an application that does not come in a later world is given up and says so, and is tried anew', async () => {
    const real = manualClock()
    let worlds = 0
    const mount = async () => (++worlds === 2 ? new Promise(() => {}) : undefined)
    const playback = create({ real, mount, mountWithinMs: 3000 })
    playback.seek(50)
    await playback.settled()
    playback.seek(0)
    await real.advance(2999)
    expect(playback.state).toEqual({ name: 'seeking', toMs: 0 })
    await real.advance(1)
    await playback.settled()
    const why = 'the application has not come within 3 s'
    expect([playback.state, real.pending()]).toEqual([{ name: 'failed', why }, 0])
    playback.seek(20)
    await playback.settled()
    expect([playback.state.name, playback.nowMs, playback.world]).toEqual(['paused', 20, 3])
  })

  test('a device that is away for two reasons stays away until both are ended', async () => {
    const playback = create()
    const { device } = playback.network
    const after = async (command: Command) => {
      playback.do(command)
      await playback.settled()
      return [device.state, device.hidden]
    }
    await after({ do: 'begin', what: 'hidden' })
    await after({ do: 'begin', what: 'asleep' })
    expect(await after({ do: 'begin', what: 'frozen' })).toEqual(['asleep', true])
    expect(await after({ do: 'end', what: 'asleep' })).toEqual(['frozen', true])
    expect(await after({ do: 'end', what: 'frozen' })).toEqual(['awake', true])
    expect(await after({ do: 'end', what: 'hidden' })).toEqual(['awake', false])
  })

  test('begins at a fraction of a millisecond rounded, as it goes to one', async () => {
    const playback = create({ atMs: 99.6 })
    await playback.settled()
    expect([playback.nowMs, playback.state.name]).toEqual([100, 'paused'])
  })

  test('refuses what it cannot play, by name', () => {
    expect(() => create({ speed: 0 })).toThrow(/speed/)
    expect(() => create({ script: { seed: -1, commands: [] } })).toThrow(/seed/)
    const commands = [{ atMs: 0, do: 'run', what: 'a-good-day' }] as const
    expect(() => create({ script: { seed: 1, commands } })).toThrow(/script\.commands\[0\]\.what.*a-good-day/)
    const playback = create()
    expect(() => playback.do({ do: 'begin', what: 'luck' })).toThrow(/do\.what/)
    expect(() => playback.seek(-1)).toThrow(/seek/)
    expect(() => createPlayback({ build: () => createNetwork({ clock: systemClock }) })).toThrow(/clock/)
    expect(() => create({ atMs: Number.NaN })).toThrow(/atMs is NaN/)
    expect(() => playback.setSeed(1.5)).toThrow(/seed is 1.5/)
    expect(() => create({ build: 'a network' as never })).toThrow(/build is "a network"/)
    expect(() => create({ mount: {} as never })).toThrow(/mount is/)
    expect(() => create({ plays: 'no' as never })).toThrow(/plays is "no"/)
    expect(() => create({ mountWithinMs: 0 })).toThrow(/mountWithinMs is 0/)
  })

  test('refuses a repertoire that cannot be played, by name', () => {
    const { offline } = standardRepertoire.buttons
    const refuse = (repertoire: unknown) => () => create({ repertoire: repertoire as never })
    const withButton = (more: object) => refuse({ scenarios: {}, buttons: { mine: { ...offline, ...more } } })
    expect(refuse([])).toThrow(/repertoire is/)
    expect(refuse({ scenarios: {} })).toThrow(/repertoire\.buttons is/)
    expect(refuse({ scenarios: { mine: { name: 'Mine' } }, buttons: {} })).toThrow(
      /scenarios\.mine\.sentence/,
    )
    expect(withButton({ part: 'roof' })).toThrow(/buttons\.mine\.part is "roof".*device, network, server/)
    expect(withButton({ label: '' })).toThrow(/buttons\.mine\.label/)
    expect(withButton({ do: { type: 'flood' } })).toThrow(/buttons\.mine\.do\.type is "flood"/)
    expect(withButton({ do: { type: 'latency', ms: -1 } })).toThrow(/buttons\.mine\.do\.ms/)
    expect(withButton({ colour: 'red' })).toThrow(/colour/)
    expect(withButton({})).not.toThrow()
  })
})

/** Turns of the event loop: what was woken runs on, settling included. */
async function tick(): Promise<void> {
  for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve))
}
