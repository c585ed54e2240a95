/** Record and replay as an application would use them. Shown in a guide. */
import { expect, test } from 'vitest'
import {
  createNetwork,
  fromHar,
  fromRecording,
  manualClock,
  scenarios,
  seededRandom,
} from '../../mocks/index.js'
import type { Recording } from '../../src/recorder/index.js'
import { startShop } from './recorded-shop.js'
import { handlers } from './shop-handlers.js'

/** Half a minute of somebody who looks into the cart each second, and what was kept of it. */
async function lookIn(scenario: Parameters<ReturnType<typeof createNetwork>['run']>[0]) {
  const clock = manualClock()
  const network = createNetwork({ clock, hosts: ['shop.example'], handlers })
  const kept: Recording[] = []
  network.run(scenario)
  const { shop, stop } = startShop({
    ...{ clock, random: seededRandom(1), signals: [network.signals] },
    fetch: network.fetch,
    keep: (recording) => kept.push(recording),
  })
  for (let turn = 0; turn < 30; turn++) {
    void shop('https://shop.example/cart').catch(() => {})
    await clock.advance(1_000)
  }
  stop()
  network.dispose()
  return kept
}

/** When the link was what, in the words of the recording. */
const linksOf = ({ lines }: Recording) =>
  lines.flatMap((line) => (line.what === 'link' ? `${line.link} ${line.cause}` : []))

test('B13: an outage that was kept is played again, and kept again it is the same', async () => {
  const [lived] = await lookIn(scenarios['server-killed'])
  const file = JSON.stringify(lived)
  // #region replay
  const scenario = fromRecording(file, { name: 'The deploy of Monday' })
  const [replayed] = await lookIn(scenario)
  // #endregion replay
  expect(linksOf(replayed!)).toEqual(linksOf(lived!))
  expect(scenario.steps).toMatchObject([{ do: { type: 'restart.kill' } }])
})

test('B13: a HAR file is a scenario', () => {
  const entry = (at: string, error?: string) => ({
    startedDateTime: `2026-05-04T10:00:${at}Z`,
    time: 40,
    request: { method: 'GET', url: 'https://shop.example/cart?token=secret' },
    response: { status: error ? 0 : 200, headers: [], _error: error },
  })
  const file = JSON.stringify({
    log: {
      entries: [
        entry('00.000'),
        entry('01.000', 'net::ERR_CONNECTION_REFUSED'),
        entry('02.000', 'net::ERR_CONNECTION_REFUSED'),
        entry('03.000'),
      ],
    },
  })
  // #region har
  const scenario = fromHar(file, { name: 'What the customer saw', hosts: ['shop.example'] })
  // #endregion har
  expect(scenario.steps).toEqual([{ atMs: 1_000, do: { type: 'refuse' }, forMs: 1_500 }])
})
