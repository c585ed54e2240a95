/** What the tabs of a browser tell each other (docs/spec/ux.md, 1.3, rows 55 and 59). */
import { expect, it } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createConnection } from '../../src/core/connection.js'
import type { ProbeResult } from '../../src/core/state.js'
import { createStatus } from '../../src/status/status.js'
import { acrossTabs } from '../../src/tabs/across.js'

/** A browser with one service, one storage and as many tabs as wanted. */
function createBrowser() {
  const clock = manualClock()
  const service = { isUp: true }
  const texts = new Map<string, string>()
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  }
  const ears = new Map<object, { name: string; hear: (message: unknown) => void }>()
  const words: unknown[] = []

  function open(scope = 'ann') {
    const probes: number[] = []
    const connection = createConnection({
      probe: async (): Promise<ProbeResult> => {
        probes.push(clock.now())
        return { kind: service.isUp ? 'good' : 'failed' }
      },
      clock,
    })
    const tab = {}
    const shared = acrossTabs({
      connections: { api: connection },
      scope,
      storage,
      join(name, hear) {
        ears.set(tab, { name, hear })
        return {
          post(message) {
            words.push(message)
            for (const [other, ear] of [...ears]) if (other !== tab && ear.name === name) ear.hear(message)
          },
          stop: () => void ears.delete(tab),
        }
      },
    })
    const status = shared.status(createStatus({ connections: connection }))
    status.start()
    connection.start()
    return { connection, status, probes, shared, link: () => connection.state.link.name }
  }
  return {
    clock,
    service,
    open,
    words,
    texts,
    say: (message: unknown) => ears.forEach(({ hear }) => hear(message)),
  }
}

async function twoTabsDown() {
  const browser = createBrowser()
  const [one, other] = [browser.open(), browser.open()]
  await browser.clock.advance(60_000)
  browser.service.isUp = false
  for (const { connection } of [one, other]) connection.send({ type: 'SUSPICION', cause: 'server' })
  return { ...browser, one, other }
}

it('row 55: a tab that is back makes the visible ones ask at once, and each is proved for itself', async () => {
  const { clock, service, one, other } = await twoTabsDown()
  await clock.advance(60_000)
  service.isUp = true
  const before = other.probes.length
  one.connection.retryNow()
  await clock.advance(0)
  expect([one.link(), other.link(), other.probes.length - before]).toEqual(['online', 'online', 1])
})

it('row 55: a hidden tab takes the word of the others, and asks nobody', async () => {
  const { clock, service, one, other, words } = await twoTabsDown()
  other.connection.send({ type: 'HIDDEN' })
  await clock.advance(60_000)
  service.isUp = true
  const before = other.probes.length
  one.connection.retryNow()
  await clock.advance(0)
  expect([other.link(), other.probes.length - before]).toEqual(['online', 0])
  // It has only heard so, and has nothing to tell.
  expect(words).toEqual([{ kind: 'online', service: 'api' }])
})

it('row 55: a word is a hint: where the service is not there for a tab, that stays down, and asks at most once in 2 s', async () => {
  const { clock, other, say } = await twoTabsDown()
  await clock.advance(60_000)
  const before = other.probes.length
  for (let time = 0; time < 10; time++) {
    say({ kind: 'online', service: 'api' })
    await clock.advance(100)
  }
  expect(other.link()).not.toBe('online')
  expect(other.probes.length - before).toBeLessThanOrEqual(2)
})

it('row 18: the dialog that was put away in one tab does not open in another one in the same incident', async () => {
  const { clock, one, other } = await twoTabsDown()
  await clock.advance(10_500)
  expect([one.status.view.surface, other.status.view.surface]).toEqual(['modal', 'modal'])
  one.status.send({ type: 'DISMISS' })
  expect([one.status.view.surface, other.status.view.surface]).toEqual(['bar', 'bar'])
  await clock.advance(60_000)
  expect(other.status.view.surface).toBe('bar')
})

it('row 18: put away before the other tab shows it, it never does', async () => {
  const { clock, one, other } = await twoTabsDown()
  other.status.send({ type: 'HIDDEN', hidden: true })
  await clock.advance(10_500)
  one.status.send({ type: 'DISMISS' })
  other.status.send({ type: 'HIDDEN', hidden: false })
  await clock.advance(60_000)
  expect([other.status.view.phase, other.status.view.surface]).toEqual(['disconnected', 'bar'])
})

it('row 59: working offline is for all tabs, is kept over a reload, and nothing is asked then', async () => {
  const { clock, open, texts } = createBrowser()
  const [one, other] = [open(), open()]
  await clock.advance(1_000)
  one.connection.setIntent('offline')
  expect([one.status.view.phase, other.status.view.phase]).toEqual(['offlineByChoice', 'offlineByChoice'])
  for (const tab of [one, other]) tab.shared.stop()

  const reloaded = open()
  await clock.advance(60_000)
  expect([reloaded.status.view.phase, reloaded.probes]).toEqual(['offlineByChoice', []])
  reloaded.connection.setIntent('online')
  await clock.advance(1_000)
  expect([reloaded.link(), texts.size]).toEqual(['online', 0])
  expect(open().connection.state.intent).toBe('online')
})

it('row 59: it is the choice of one person: another one begins online', async () => {
  const { open } = createBrowser()
  const ann = open('ann')
  ann.connection.setIntent('offline')
  expect(open('bob').connection.state.intent).toBe('online')
  expect(open('ann').connection.state.intent).toBe('offline')
})

it('words that nobody of us has said, and a storage that is damaged or denied, change nothing', async () => {
  const { clock, open, say, texts } = createBrowser()
  texts.set('holdfast.tabs:ann', '{"api":1}')
  const tab = open()
  await clock.advance(1_000)
  const before = tab.connection.state
  for (const word of [
    null,
    'online',
    { kind: 'intent', service: 'api', intent: 'away' },
    { kind: 'intent', service: '__proto__', intent: 'offline' },
    { kind: 'online', service: 'chat' },
    { kind: 'online' },
  ]) {
    say(word)
  }
  expect(tab.connection.state).toBe(before)
  const refuse = () => {
    throw new DOMException('', 'SecurityError')
  }
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse }
  const shared = acrossTabs({ connections: { api: tab.connection }, scope: 'ann', storage, join: null })
  tab.connection.setIntent('offline')
  expect(tab.connection.state.intent).toBe('offline')
  shared.stop()
  expect(() => acrossTabs({ connections: {}, scope: '' })).toThrow(/acrossTabs\.scope is ""/)
})
