import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HoldfastError } from '../../src/core/errors.js'
import { sharedTabs } from '../../src/live/shared-tabs.js'
import { createTabWorld } from './tab-world.js'

type Tab = ReturnType<ReturnType<typeof createTabWorld>['openTab']>

/** Three tabs that follow `chat`, and the first of them leads. */
async function threeTabs(options: Parameters<typeof createTabWorld>[0] = {}) {
  const world = createTabWorld(options)
  const tabs = []
  for (let n = 0; n < 3; n++) {
    const tab = world.openTab()
    tabs.push({ tab, chat: tab.follow('chat') })
    await world.clock.advance(500)
  }
  const [first, second, third] = tabs as [(typeof tabs)[0], (typeof tabs)[0], (typeof tabs)[0]]
  return { ...world, first, second, third }
}

test('I33 three tabs have one line, and each is told every event of its topics once', async () => {
  const { first, second, third, publishFor, expectWhole, lines, clock } = await threeTabs()
  const orders = third.tab.follow('orders')
  await clock.advance(500)
  await publishFor(2000, 20)
  await publishFor(1000, 20, 'orders')
  await clock.advance(500)
  expect(lines()).toBe(1)
  expect(first.tab.lines).toBe(1)
  for (const { chat } of [first, second, third]) {
    expect(chat.events).toHaveLength(40)
    expectWhole(chat.events)
    expect(chat.told).toEqual(['resumed'])
  }
  expect(orders.events).toHaveLength(20)
  for (const { tab } of [first, second, third])
    expect(tab.channel.state).toEqual({ name: 'live', transport: 'websocket' })
})

test('I33 a tab that comes later with an older cursor is told what it has missed, and the others nothing twice', async () => {
  const { first, clock, openTab, publishFor, expectWhole, api } = await threeTabs()
  await publishFor(2000, 20)
  const { epoch } = await new Promise<{ epoch: string }>((resolve) => {
    first.tab.channel.topic('chat', { onResumed: ({ cursor }) => resolve({ epoch: cursor.split(':')[0]! }) })
    void clock.advance(10)
  })
  const late = openTab().follow('chat', `${epoch}:10`)
  const fresh = openTab().follow('chat')
  await publishFor(2000, 20)
  await clock.advance(500)
  expectWhole(late.events, 'chat', 11)
  expect(fresh.events[0]).toBeGreaterThan(40)
  expectWhole(first.chat.events, 'chat', 1)
  expect(late.told).toEqual(['resumed'])
  expect(api.events.length).toBe(80)
})

test('I33 messages of all tabs go out over the one line; each is acknowledged to the tab that sent it', async () => {
  const { first, second, third, clock, api } = await threeTabs()
  const sent = [first, second, third].map(({ tab }, n) => tab.send({ n }))
  await clock.advance(1000)
  expect(sent.map(({ is }) => is)).toEqual(['ok 1', 'ok 2', 'ok 3'])
  expect(api.events.map(({ data }) => (data as { n: number }).n).sort()).toEqual([0, 1, 2])
})

test.each(['close', 'crash', 'freeze'] as const)(
  'I33 the tab that leads ends (%s): another one has the line within a second, nothing is lost or doubled',
  async (how) => {
    const { first, second, third, clock, publishFor, expectWhole, lines, api } = await threeTabs()
    await publishFor(1000, 50)
    const sent = [second, third].map(({ tab }, n) => tab.send({ n }))
    first.tab[how]()
    await publishFor(1000, 50)
    expect([second, third].map(({ tab }) => tab.channel.state.name)).toEqual(['live', 'live'])
    await clock.advance(1000)
    for (const { chat } of [second, third]) {
      expectWhole(chat.events)
      expect(chat.events.length).toBeGreaterThan(95)
    }
    expect(lines()).toBe(1)
    expect(sent.map(({ is }) => is.slice(0, 2))).toEqual(['ok', 'ok'])
    expect(api.events.filter(({ data }) => 'n' in (data as object))).toHaveLength(2)
    if (how !== 'freeze') return
    first.tab.wake()
    await publishFor(1000, 50)
    await clock.advance(1000)
    expectWhole(first.chat.events)
    expect(lines()).toBe(1)
  },
)

test('I33 a tab that leads and stalls without a word is replaced within 15 s, and takes part again when it wakes', async () => {
  const { first, second, third, clock, publishFor, expectWhole, lines } = await threeTabs()
  await publishFor(1000, 20)
  first.tab.stall()
  await publishFor(14_500, 20)
  const before = second.chat.events.length
  await publishFor(1500, 20)
  expect(second.chat.events.length).toBeGreaterThan(before + 200)
  first.tab.wake()
  await publishFor(3000, 20)
  await clock.advance(1000)
  for (const { chat } of [first, second, third]) expectWhole(chat.events)
  expect(lines()).toBe(1)
})

test('I33 a tab that has missed what was said on the bus finds out, and nothing is lost to it', async () => {
  const { second, third, clock, publishFor, expectWhole } = await threeTabs()
  await publishFor(1000, 20)
  second.tab.deafen(true)
  await publishFor(1000, 20)
  second.tab.deafen(false)
  await publishFor(1000, 20)
  await clock.advance(500)
  for (const { chat } of [second, third]) expectWhole(chat.events)
})

test('I33 a message whose socket is lost is sent again under its own id, and is one event', async () => {
  const { second, network, clock, api } = await threeTabs()
  const sent = second.tab.send({ n: 0 })
  await clock.advance(60)
  network.restart.kill({ downMs: 300 })
  await clock.advance(10_000)
  expect(sent).toEqual({ is: expect.stringMatching(/^ok /) as string, times: 1 })
  expect(api.events.filter(({ data }) => (data as { n?: number }).n === 0)).toHaveLength(1)
})

test('I33 tabs of another scope do not share', async () => {
  const { openTab, clock, lines } = createTabWorld()
  for (const scope of ['ada', 'bob']) openTab({ scope }).follow('chat')
  await clock.advance(1000)
  expect(lines()).toBe(2)
})

test('tokens never go over the bus, and only the tab that leads asks for one', async () => {
  const { openTab, clock, words, publishFor } = createTabWorld()
  const asked: number[] = []
  for (const n of [1, 2, 3]) {
    const auth = { token: () => `secret-${asked.push(n)}`, refresh: () => Promise.resolve() }
    openTab({ auth }).follow('chat')
    await clock.advance(500)
  }
  await publishFor(1000, 10)
  expect(new Set(asked)).toEqual(new Set([1]))
  expect(words.length).toBeGreaterThan(10)
  expect(JSON.stringify(words)).not.toContain('secret')
})

test('alone in its browser a tab says nothing to others but that it is there', async () => {
  const { openTab, clock, words, publishFor } = createTabWorld()
  const chat = openTab().follow('chat')
  await clock.advance(500)
  await publishFor(2000, 20)
  expect(chat.events).toHaveLength(40)
  const said = words.map((word) => (word as { say: string }).say)
  expect(new Set(said)).toEqual(new Set(['who', 'lead', 'state']))
})

test('I33 where there are no locks or broadcasts every tab has its own line', async () => {
  const { openTab, clock, lines, words } = createTabWorld()
  const tabs = sharedTabs({ scope: 'ada' })
  for (let n = 0; n < 2; n++) openTab({ channel: { tabs } }).follow('chat')
  await clock.advance(1000)
  expect(lines()).toBe(2)
  expect(words).toEqual([])
})

test('I33 what a stranger writes to the bus, or repeats of what was said, changes nothing', async () => {
  const { clock, first, second, third, publishFor, expectWhole, lines, words, whisper } = await threeTabs()
  await publishFor(500, 20)
  const known = words.slice(-40) as Record<string, unknown>[]
  const strange = [
    null,
    7,
    'x',
    [],
    {},
    { ...known[0], from: '' },
    { say: 'lead', from: 'x', seq: -1, term: 1 },
  ]
  for (const word of strange) await whisper(word)
  for (const word of known) {
    await whisper({ ...word, say: 'nothing' })
    await whisper(word)
    for (const key of ['text', 'line', 'to', 'term', 'state'])
      await whisper({ ...word, [key]: { toString: 1 } })
  }
  await publishFor(1000, 20)
  await clock.advance(1000)
  for (const { chat } of [first, second, third]) expectWhole(chat.events)
  expect(lines()).toBe(1)
})

test('a session that the server does not know any more is lost in every tab, once', async () => {
  let isKnown = true
  const { openTab, clock, network, publishFor, expectWhole } = createTabWorld({
    api: {
      check: () => (isKnown ? { name: 'valid', user: 'ada', expiresAt: Infinity } : { name: 'unknown' }),
    },
  })
  const lost: number[] = []
  const auth = {
    token: () => 't',
    refresh: () => Promise.reject(Object.assign(new Error('sign in'), { code: 'unauthorized' })),
  }
  const tabs = [1, 2].map((n) => openTab({ auth, channel: { onSessionLost: () => void lost.push(n) } }))
  const chats = tabs.map((tab) => tab.follow('chat'))
  await publishFor(1000, 10)
  isKnown = false
  network.restart.kill({ downMs: 500 })
  await publishFor(5000, 10)
  expect(lost.sort()).toEqual([1, 2])
  expect(tabs.map(({ channel }) => channel.state.name)).toEqual(['unauthorized', 'unauthorized'])
  isKnown = true
  for (const { connection } of tabs) connection.signedIn()
  await publishFor(5000, 10)
  await clock.advance(1000)
  for (const { events } of chats) expectWhole(events)
  expect(lost).toHaveLength(2)
})

test('I29 what a server has dropped is told as a gap to the tab that has missed it, and to no other', async () => {
  const { openTab, clock, publishFor } = createTabWorld({ api: { ring: 20 } })
  const here = openTab().follow('chat')
  await clock.advance(500)
  await publishFor(2000, 20)
  const late = openTab().follow('chat', 'epoch1:5')
  await clock.advance(1000)
  expect(late.told).toEqual(['gap 6-20'])
  expect(late.events).toEqual(Array.from({ length: 20 }, (_, index) => 21 + index))
  expect(here.told).toEqual(['resumed'])
  expect(here.events).toHaveLength(40)
})

test('I29 another log is told as a reset to every tab, once', async () => {
  const { network, clock, first, second, third, publishFor } = await threeTabs()
  await publishFor(1000, 20)
  network.restart.lostSession({ downMs: 500 })
  await publishFor(5000, 20)
  await clock.advance(1000)
  for (const { chat } of [first, second, third]) {
    expect(chat.told.filter((what) => what !== 'resumed')).toEqual(['reset'])
    expect(chat.events.slice(-10)).toEqual(first.chat.events.slice(-10))
  }
})

test('what the server refuses is refused to the tab that asked', async () => {
  const { first, second, third, clock } = await threeTabs()
  const nothing = second.tab.follow('nothing')
  const sent = third.tab.channel.send('orders', 1).then(
    () => 'sent',
    (error: HoldfastError) => error.code,
  )
  await clock.advance(1000)
  expect(nothing.told).toEqual(['refused unknown-topic'])
  expect(await sent).toBe('rejected')
  expect(first.chat.told).toEqual(['resumed'])
})

test('I34 after close() of all tabs no timer, socket, listener or lock is left', async () => {
  const { first, second, third, clock, lines, locks, whisper } = await threeTabs()
  expect(locks()).toBe(3)
  for (const { tab } of [second, first, third]) tab.channel.close()
  await clock.settle()
  expect([lines(), locks()]).toEqual([0, 0])
  expect(await whisper({})).toBe(0)
  for (const { tab } of [first, second, third]) tab.connection.stop()
  await clock.advance(1000)
  expect(clock.pending()).toBe(0)
})

test('an option of sharedTabs that cannot be used is refused by name', () => {
  expect(() => sharedTabs({} as never)).toThrow('sharedTabs.scope is undefined')
  expect(() => sharedTabs({ scope: '' })).toThrow('sharedTabs.scope')
  expect(() => sharedTabs({ scope: 'a', tabs: {} as never })).toThrow('sharedTabs.tabs')
  expect(() => sharedTabs({ scope: 'a', tab: 1 } as never)).toThrow('sharedTabs.tab')
})

interface Step {
  readonly step: 'close' | 'crash' | 'freeze' | 'stall' | 'open' | 'wake' | 'kill' | 'reset' | 'blackhole'
  readonly which: number
  /** In ms. */
  readonly lasts: number
}

/** Two hundred walks of the slowest transport. */
const SOAK_MS = 600_000

const step = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('close', 'crash', 'freeze', 'stall') },
  { weight: 2, arbitrary: fc.constantFrom('open', 'wake') },
  { weight: 2, arbitrary: fc.constantFrom('kill', 'reset', 'blackhole') },
)

/** One walk; returns how many events were told. */
async function walk(
  transport: 'websocket' | 'event-stream' | 'long-poll',
  seed: number,
  steps: readonly Step[],
): Promise<number> {
  const { api, clock, network, openTab, publishFor, expectWhole, leader, lines, locks } = createTabWorld({
    seed,
    transports: [transport],
  })
  const expectNothingLeft = async (tab: { left(): unknown }): Promise<void> => {
    await clock.settle()
    expect(tab.left()).toEqual({ lines: 0, timers: 0, listeners: 0, locks: 0 })
  }
  const all: { tab: Tab; chat: ReturnType<Tab['follow']> }[] = []
  const sent: { tab: Tab; what: ReturnType<Tab['send']> }[] = []
  const open = (): void => {
    const tab = openTab()
    all.push({ tab, chat: tab.follow('chat') })
  }
  const living = () => all.filter(({ tab }) => tab.life !== 'gone')
  open()
  open()
  await clock.advance(1000)
  for (const { step, which, lasts } of steps) {
    const { tab } = living()[which % living().length]!
    let stop = (): void => {}
    const target = which % 2 === 0 ? (leader() ?? tab) : tab
    if (step === 'open') open()
    else if (step === 'wake') for (const { tab } of living()) tab.wake()
    else if (step === 'kill') network.restart.kill({ downMs: Math.min(lasts, 5000) })
    else if (step === 'reset' || step === 'blackhole') stop = network.apply({ type: step })
    else target[step]()
    if (step === 'close') await expectNothingLeft(target)
    if (living().length === 0) open()
    for (const { tab } of living())
      if (tab.life === 'awake') sent.push({ tab, what: tab.send({ n: sent.length }) })
    await publishFor(lasts, 5)
    stop()
    await publishFor(1000, 10)
    expect(lines()).toBeLessThanOrEqual(1)
  }
  for (const { tab } of living()) tab.wake()
  for (let n = 0; n < 12; n++) {
    await clock.advance(10_000)
    for (const { tab } of living()) if (tab.channel.state.name === 'failed') tab.channel.retryNow()
  }
  // One that was opened while nothing could be reached begins here: it is told what comes from now on.
  const before = api.events.length
  await publishFor(1000, 10)
  await clock.advance(1000)
  let events = 0
  for (const { tab, chat } of living()) {
    expect(chat.began).not.toBeNull()
    expect(chat.began).toBeLessThanOrEqual(before)
    expectWhole(chat.events, 'chat', chat.began! + 1)
    expect(tab.channel.state.name).toBe('live')
    events += chat.events.length
  }
  expect(lines()).toBe(1)
  const ids = api.events.flatMap(({ data }) => (data as { n?: number }).n ?? [])
  expect(ids).toHaveLength(new Set(ids).size)
  for (const { tab, what } of sent) {
    expect(what.times).toBe(tab.life === 'gone' ? Math.min(what.times, 1) : 1)
    if (tab.life !== 'gone') expect(what.is).toMatch(/^ok /)
  }
  for (const { tab } of living()) {
    tab.close()
    await expectNothingLeft(tab)
  }
  expect(locks()).toBe(0)
  network.dispose()
  return events
}

test.each([['websocket'], ['event-stream'], ['long-poll']] as const)(
  'I33 I29 I13 I34 over %s leaders are closed, crash, freeze and stall at random, and the network with them: every tab is told every event once, in order, every message settles once, and of a closed tab no line, timer, listener or lock is left',
  async (transport) => {
    let events = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(
          fc.record({ step, which: fc.nat({ max: 4 }), lasts: fc.integer({ min: 20, max: 20_000 }) }),
          { minLength: 1, maxLength: 7 },
        ),
        async (seed, steps) => void (events += await walk(transport, seed, steps)),
      ),
      { numRuns: import.meta.env.MODE === 'soak' ? 200 : 8 },
    )
    expect(events).toBeGreaterThan(100)
  },
  SOAK_MS,
)

test.each([['websocket'], ['event-stream'], ['long-poll']] as const)(
  'I33 over %s a tab that is opened while its leader stalls and the network is away begins at the present, and is told from there',
  async (transport) => {
    const steps = [
      { step: 'close', which: 0, lasts: 20 },
      { step: 'stall', which: 0, lasts: 20 },
      { step: 'kill', which: 0, lasts: 21 },
      { step: 'open', which: 0, lasts: 10_401 },
      { step: 'reset', which: 0, lasts: 9_601 },
    ] as const
    expect(await walk(transport, 1, steps)).toBeGreaterThan(100)
  },
)

test('I33 a leader that has nothing to tell, but answers, stays the leader; and tabs that only listen are told everything, it among them', async () => {
  const { first, second, third, clock, words, publishFor, expectWhole } = await threeTabs()
  words.length = 0
  await clock.advance(300_000)
  const said = words as { say: string; term: number }[]
  expect(said.filter(({ say }) => say === 'gone')).toEqual([])
  expect(new Set(said.filter(({ say }) => say === 'lead').map(({ term }) => term)).size).toBe(1)
  await publishFor(1000, 20)
  for (const { chat } of [first, second, third]) {
    expect(chat.told).toEqual(['resumed'])
    expect(chat.events).toHaveLength(20)
    expectWhole(chat.events)
  }
})

test.each(['event-stream', 'long-poll'] as const)(
  'I33 over %s a tab that begins to lead dials once, for the topics of all tabs',
  async (transport) => {
    const { clock, dials, openTab, publishFor, expectWhole, api } = createTabWorld({
      transports: [transport],
    })
    const topics = ['chat', 'orders', 'clock']
    const tabs = []
    for (const topic of topics) {
      const tab = openTab()
      tabs.push({ tab, told: tab.follow(topic), chat: tab.follow('chat') })
      await clock.advance(500)
    }
    await publishFor(1000, 20)
    dials.length = 0
    const at = clock.now()
    tabs[0]!.tab.close()
    await publishFor(2000, 20)
    await publishFor(1000, 20, 'orders')
    await clock.advance(1000)
    expect(dials.map(({ topics: asked }) => [...asked].sort())).toEqual([['chat', 'clock', 'orders']])
    expect(dials[0]!.at - at).toBeLessThan(100)
    for (const { chat } of tabs.slice(1)) {
      expectWhole(chat.events)
      expect(chat.events).toHaveLength(60)
    }
    expectWhole(tabs[1]!.told.events, 'orders')
    expect(tabs[1]!.told.events).toHaveLength(20)
    expect(api.events.length).toBeGreaterThan(80)
  },
)
