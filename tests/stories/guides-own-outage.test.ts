import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { createNetwork, manualClock, scenarios } from '../../mocks/index.js'
import { createNet } from '../../stories/guides/samples/net.js'

function setUp() {
  const clock = manualClock() // stands still until it is told to go on
  const bread = http.get('https://shop.example/bread', () => HttpResponse.json(['rye']))
  const network = createNetwork({ clock, axios, handlers: [bread] })
  const net = createNet({
    probe: { fetch: network.fetch },
    connection: { clock, signals: [network.signals] },
    axios: { adapter: network.axiosAdapter },
  })
  const stops = [net.status.start(), () => net.connection.stop(), network.dispose]
  net.connection.start()
  return { clock, network, ...net, stop: () => stops.forEach((stop) => stop()) }
}

test('a list that is asked for in an outage of twelve seconds comes when the server is back', async () => {
  const { clock, network, api, status, stop } = setUp()
  await clock.advance(1_000)
  const heal = network.apply({ type: 'refuse' })
  const list = api.get<string[]>('/bread')
  await clock.advance(5_000)
  expect(status.view.phase).toBe('reconnecting')
  await clock.advance(7_000)
  expect(status.view).toMatchObject({ phase: 'disconnected', surface: 'modal' })
  heal()
  await clock.advance(10_000)
  expect((await list).data).toEqual(['rye'])
  expect(status.view.phase).toBe('online')
  stop()
})

test('a restart of the server is told as one, with the scenario that Storybook plays', async () => {
  const { clock, network, api, status, stop } = setUp()
  await clock.advance(1_000)
  network.run(scenarios.maintenance)
  const phases = new Set<string>()
  status.subscribe(({ phase }) => phases.add(phase))
  await clock.advance(2_000)
  const list = api.get('/bread') // an idle page notices nothing
  await clock.advance(60_000)
  expect((await list).status).toBe(200)
  expect([...phases]).toContain('maintenance')
  expect(status.view.phase).toBe('online')
  stop()
})
