import { http, HttpResponse } from 'msw'
import { addons } from 'storybook/preview-api'
import { afterEach, expect, test, vi } from 'vitest'
import { ASKED, TOLD, type Ask, type Told } from '../../../mocks/storybook/messages.js'
import { beforeEach, type NetworkParameters } from '../../../mocks/storybook/preview.js'
import { standsWithin } from './told.js'

const channel = addons.getChannel()
afterEach(() => channel.removeAllListeners())

/** An application that asks for its cart each 300 ms of the page's time, and says when it did so. */
function story(more: Partial<NetworkParameters>, viewMode = 'story') {
  const asked: number[] = []
  let leave = (): void => {}
  const network: NetworkParameters = {
    handlers: [http.get('https://shop.example/cart', () => HttpResponse.json(['rope']))],
    ...more,
  }
  return {
    ...{ id: 'shop--cart', viewMode, asked, parameters: { network } },
    globals: { network: 'offline-4s', networkSpeed: 100 },
    async renderToCanvas() {
      leave()
      asked.length = 0
      const beganAt = Date.now()
      const timer = setInterval(() => {
        asked.push(Date.now() - beganAt)
        void fetch('https://shop.example/cart').catch(() => {})
      }, 300)
      leave = () => clearInterval(timer)
    },
    leave: () => leave(),
  }
}

/** What a panel hears, and asks for; it resolves when the story stands there. */
function openPanel() {
  const heard: Told[] = []
  channel.on(TOLD, (told: Told) => heard.push(told))
  const ask = (what: Ask) => channel.emit(ASKED, { story: 'shop--cart', ask: what })
  const standsAt = (ms: number) =>
    vi.waitFor(() => {
      const last = heard.at(-1)
      if (last?.state.name !== 'paused' || last.nowMs !== ms) throw new Error(`${last?.nowMs} ms`)
    }, standsWithin)
  ask({ type: 'hello' })
  return {
    ask,
    async goTo(toMs: number) {
      ask({ type: 'seek', toMs })
      await standsAt(toMs)
      const before = heard.length
      ask({ type: 'hello' })
      const { log, startAt } = heard[before]!
      return log.map(({ at, end }) => `${at - startAt} ${end}`)
    },
  }
}

test('virtual timers of a story go back with it: what they ask for is asked for again, at the same times', async () => {
  const shown = story({ timers: 'virtual' })
  const leave = beforeEach(shown)
  await shown.renderToCanvas()
  const { ask, goTo } = openPanel()
  ask({ type: 'pause' })
  const first = await goTo(6000)
  expect(shown.asked).toEqual(Array.from({ length: 20 }, (_, turn) => (turn + 1) * 300))
  expect(first.filter((line) => line.endsWith('offline'))).toHaveLength(13)
  await goTo(2000)
  expect(shown.asked.at(-1)).toBe(1800)
  expect(await goTo(6000)).toEqual(first)
  shown.leave()
  leave?.()
})

test.each([
  ['unless it asks for them', story({})],
  ['and on a page of documentation they always are', story({ timers: 'virtual' }, 'docs')],
])('the timers of a story are the page’s own, %s', async (_, shown) => {
  const originals = { setTimeout, setInterval, clearTimeout, clearInterval, Date }
  const leave = beforeEach(shown)
  expect(globalThis).toMatchObject(originals)
  leave?.()
})

test('a story that goes gives the page its timers back', () => {
  const originals = { setTimeout, setInterval, clearTimeout, clearInterval, Date }
  const leave = beforeEach(story({ timers: 'virtual' }))
  expect(globalThis.setTimeout).not.toBe(originals.setTimeout)
  leave?.()
  expect(globalThis).toMatchObject(originals)
})

test('other timers are refused by name', () => {
  const shown = story({ timers: 'fake' as 'virtual' })
  expect(() => beforeEach(shown)).toThrow(/parameters\.network\.timers is "fake".*real, virtual/)
})
