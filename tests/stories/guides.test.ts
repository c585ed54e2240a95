import { once as onceTold } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { effectScope } from 'vue'
import { expect, test } from 'vitest'
import { createNetwork, manualClock } from '../../mocks/index.js'
import { createOrderApi } from '../../mocks/order-api.js'
import { createConnection, probe, systemClock } from '../../src/index.js'
import { memoryStore } from '../../src/queue/index.js'
import { createStatusPolicy } from '../../src/status/options.js'
import { createApi } from '../../stories/guides/samples/axios-retry.js'
import { createDurableNet } from '../../stories/guides/samples/durable.js'
import { createHealth } from '../../stories/guides/samples/health.js'
import { once, type Answer, type Answers } from '../../stories/guides/samples/keys.js'
import { connect } from '../../stories/guides/samples/reconnecting-websocket.js'
import { createShopFetch } from '../../stories/guides/samples/vueuse.js'
import { shown } from '../../stories/guides/shown.js'
import { coloursIn, shapesIn } from '../../stories/guides/tokens.js'
import { PHASE_WORDS } from '../../stories/guides/words.js'

const SHOP = 'https://shop.example'

/** A simulated network, and a connection to the shop on it. */
function setUp(handlers = [http.get(`${SHOP}/bread`, () => HttpResponse.json(['rye']))]) {
  const clock = manualClock()
  const network = createNetwork({ clock, axios, handlers })
  const connection = createConnection({
    probe: probe(`${SHOP}/health`, { fetch: network.fetch }),
    signals: [network.signals],
    clock,
    origins: [SHOP],
  })
  connection.start()
  return { clock, network, connection }
}

test('every file that a guide shows can be written by whoever installs the package', () => {
  const files = globSync('stories/guides/samples/*.ts')
  expect(files.length).toBeGreaterThan(8)
  for (const file of [...files, ...globSync('stories/recipes/*/*.{vue,ts}')]) {
    expect(shown(readFileSync(file, 'utf8')), file).not.toMatch(/\.\.\/\.\.|\/src\/|\/mocks\//)
  }
})

test('a guide shows imports by the names of the package, and refuses what it does not export', () => {
  expect(shown("import { probe } from '../../../src/index.js'")).toBe("import { probe } from 'holdfast'")
  expect(shown("from '../../src/vue/live.js'")).toBe("from 'holdfast/vue/live'")
  expect(shown("from '../../mocks/index.js'")).toBe("from 'holdfast/simulator'")
  expect(shown("from '../../stories/guides/samples/net.js'")).toBe("from './net.js'")
  expect(() => shown("from '../../src/core/connection.js'")).toThrow('src/core/connection.js is no entry')
})

test('a guide can show a region of a file, and one that is not there is an error', () => {
  const code = 'const a = 1\n// #region part\nconst b = 2\n// #endregion\nconst c = 3\n'
  expect(shown(code, 'part')).toBe('const b = 2')
  expect(shown(code)).toBe('const a = 1\nconst b = 2\nconst c = 3')
  expect(() => shown(code, 'other')).toThrow('there is no region other')
})

test('durable.ts: an order that is placed in an outage is safe at once, and at the server when it is over', async () => {
  const clock = manualClock()
  const orders = createOrderApi({ base: SHOP })
  const network = createNetwork({ clock, axios, handlers: orders.handlers })
  const { connection, queue, order } = createDurableNet('user-7', {
    probe: { fetch: network.fetch },
    connection: { clock, signals: [network.signals] },
    axios: { adapter: network.axiosAdapter },
    store: memoryStore(),
  })
  connection.start()
  const stop = queue.start()
  await clock.advance(1_000)
  const heal = network.apply({ type: 'refuse' })
  const placed = order('Rye bread')
  await clock.advance(10)
  expect((await placed).status).toBe(202)
  await clock.advance(20_000)
  expect(orders.ledger).toEqual([])
  expect(queue.actions.map(({ label }) => label)).toEqual(['Order Rye bread'])
  heal()
  await clock.advance(20_000)
  expect(orders.ledger.map(({ item }) => item)).toEqual(['Rye bread'])
  stop()
  connection.stop()
  network.dispose()
})

test('B23 health.ts: the kit knows this health check, and is told of a planned restart by it', async () => {
  const { listener, drain } = createHealth()
  const server = createServer(listener).listen(0, '127.0.0.1')
  await onceTold(server, 'listening')
  const check = probe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`)
  const ask = () => check(new AbortController().signal, { clock: systemClock })
  const good = await ask()
  expect(good).toMatchObject({ kind: 'good', boot: expect.stringMatching(/^[\w-]{36}$/) })
  drain(20)
  const boot = 'boot' in good ? good.boot : null
  expect(await ask()).toMatchObject({ kind: 'draining', retryAfterMs: 20_000, boot })
  server.closeAllConnections()
  server.close()
})

test('B23 keys.ts: once per user and key; a repetition gets the answer, another body and a race are refused', () => {
  const rows = new Map<string, { request: string; answer: Answer | null }>()
  const answers: Answers = {
    find: (user, key) => rows.get(`${user} ${key}`),
    put: (user, key, row) => void rows.set(`${user} ${key}`, row),
    remove: (user, key) => void rows.delete(`${user} ${key}`),
  }
  let done = 0
  const work = () => ({ status: 201, body: `order ${++done}` })
  const refuse = () => ({ status: 422, body: 'too many' })

  expect(once(answers, 'ann', 'k1', 'rye', work)).toEqual({ status: 201, body: 'order 1', headers: {} })
  expect(once(answers, 'ann', 'k1', 'rye', work)).toEqual({
    status: 201,
    body: 'order 1',
    headers: { 'Idempotent-Replayed': 'true' },
  })
  expect(once(answers, 'ann', 'k1', 'oats', work).status).toBe(422)
  expect(once(answers, 'bob', 'k1', 'rye', work).body).toBe('order 2')
  answers.put('ann', 'k2', { request: 'rye', answer: null })
  expect(once(answers, 'ann', 'k2', 'rye', work)).toMatchObject({
    status: 409,
    headers: { 'Retry-After': '1' },
  })
  expect(once(answers, 'ann', 'k3', 'rye', refuse).status).toBe(422)
  expect(once(answers, 'ann', 'k3', 'rye', work).body).toBe('order 3')
})

test('axios-retry.ts: what axios-retry gives up in an outage is held, and delivered after it', async () => {
  const { clock, network, connection } = setUp()
  const { api, detach } = createApi(connection, { adapter: network.axiosAdapter })
  await clock.advance(1_000)
  const heal = network.apply({ type: 'refuse' })
  const list = api.get<string[]>('/bread')
  await clock.advance(60_000)
  heal()
  await clock.advance(20_000)
  expect((await list).data).toEqual(['rye'])
  detach()
  connection.stop()
  network.dispose()
})

test('reconnecting-websocket.ts: the options of the other one are taken, and it dials', async () => {
  const clock = manualClock()
  const network = createNetwork({ clock })
  const socket = connect({ clock, WebSocket: network.WebSocket, signals: [network.signals] })
  await clock.advance(1_000)
  expect(network.calls({ path: '/feed' }).length).toBeGreaterThan(0)
  socket.close()
  await clock.advance(1_000)
  network.dispose()
})

test('vueuse.ts: a useFetch whose list waits for the server instead of failing', async () => {
  const { clock, network, connection } = setUp()
  await clock.advance(1_000)
  const heal = network.apply({ type: 'refuse' })
  const scope = effectScope()
  const { data, error } = scope.run(() =>
    createShopFetch(connection, network.fetch)('/bread').json<string[]>(),
  )!
  await clock.advance(10_000)
  expect([data.value, error.value]).toEqual([null, null])
  heal()
  await clock.advance(20_000)
  expect(data.value).toEqual(['rye'])
  scope.stop()
  connection.stop()
  network.dispose()
})

test('every guide shows only files that are compiled: TypeScript, Vue and CSS of this repository', () => {
  for (const guide of globSync('stories/guides/*.mdx')) {
    const text = readFileSync(guide, 'utf8')
    for (const [, file] of text.matchAll(/from '([^']+)\?raw'/g)) {
      const target = path.join(path.dirname(guide), file!)
      expect(readFileSync(target, 'utf8').length, `${guide}: ${file}`).toBeGreaterThan(0)
    }
  }
})

test('the page of tokens has every token that the sheets use, in both themes', () => {
  const css = readFileSync('src/components/css/tokens.css', 'utf8')
  const colours = coloursIn(css)
  const documented = [...colours, ...shapesIn(css)].map(({ name }) => name)
  expect(colours.length).toBeGreaterThan(20)
  expect(colours.find(({ name }) => name === '--hf-warn-bg')).toEqual({
    name: '--hf-warn-bg',
    light: '#fff4d6',
    dark: '#2e2509',
  })
  // What stands for the tone of the element itself, or for a finger on it, is set by the kit, and is nobody's to remap.
  const own = ['--hf-bg', '--hf-tx', '--hf-accent', '--hf-press']
  const used = globSync('src/components/css/*.css').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/var\((--hf-[\w-]+)/g)].map(([, name]) => name!),
  )
  expect([...new Set(used)].filter((name) => !own.includes(name) && !documented.includes(name))).toEqual([])
})

test('every option that the table of times names is one of createStatus', () => {
  const page = readFileSync('stories/guides/StatesAndWords.mdx', 'utf8')
  const cells = [...page.matchAll(/^\|.*\|(.*)\|$/gm)].map(([, last]) => last!).slice(1)
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)(?:: \{([^}]*)\})?/g)])
  expect(named.length).toBeGreaterThan(10)
  const policy: Readonly<Record<string, unknown>> = createStatusPolicy()
  for (const [, option, inner = ''] of named) {
    expect(policy).toHaveProperty(option!)
    for (const [name] of inner.matchAll(/\w+/g)) expect(policy[option!]).toHaveProperty(name)
  }
})

test('the table of words has a line for each phase that shows, and none of them is empty', () => {
  expect(PHASE_WORDS.filter(({ says }) => says === '')).toEqual([])
  const phases = new Set(PHASE_WORDS.map(({ phase }) => phase))
  for (const phase of ['connecting', 'slow', 'reconnecting', 'disconnected', 'maintenance', 'authRequired'])
    expect(phases).toContain(phase)
  for (const phase of ['sessionLost', 'syncing', 'attention', 'recovered', 'unstable', 'offlineByChoice'])
    expect(phases).toContain(phase)
})
