import { http, HttpResponse } from 'msw'
import { addons } from 'storybook/preview-api'
import { afterEach, expect, test } from 'vitest'
import { ASKED, TOLD, type Told } from '../../../mocks/storybook/messages.js'
import { beforeEach, type NetworkParameters } from '../../../mocks/storybook/preview.js'

const channel = addons.getChannel()
afterEach(() => channel.removeAllListeners())

const answering = (path: string): NetworkParameters => ({
  handlers: [http.get(`https://shop.example${path}`, () => HttpResponse.json(path))],
})

const story = (id: string, network?: NetworkParameters) => ({
  ...{ id, globals: { networkSpeed: 100 } },
  parameters: network ? { network } : {},
})

const ask = async (path: string): Promise<unknown> => (await fetch(`https://shop.example${path}`)).json()

test('the handlers of the parameters answer the page’s own fetch, for the hosts that they name', async () => {
  const original = globalThis.fetch
  const leave = beforeEach(story('a', answering('/cart')))
  expect(await ask('/cart')).toBe('/cart')
  leave?.()
  expect(globalThis.fetch).toBe(original)
})

test('a story without the parameter has no network', () => {
  const original = globalThis.fetch
  expect(beforeEach(story('a'))).toBeUndefined()
  expect(globalThis.fetch).toBe(original)
})

test('the stories of a page of documentation share one network, each with its handlers', async () => {
  const original = globalThis.fetch
  const leaves = [beforeEach(story('a', answering('/cart'))), beforeEach(story('b', answering('/till')))]
  expect(await Promise.all([ask('/cart'), ask('/till')])).toEqual(['/cart', '/till'])
  for (const leave of leaves) leave?.()
  expect(globalThis.fetch).toBe(original)
})

test('another seed is another network, with the handlers of all stories of the page', async () => {
  const [a, b] = [story('a', answering('/cart')), story('b', answering('/till'))]
  const leaves = [beforeEach(a), beforeEach(b)]
  const another = new Promise<void>((resolve) =>
    channel.on(TOLD, ({ story, world, state }: Told) => {
      if (story === 'a' && world === 2 && state.name === 'playing') resolve()
    }),
  )
  channel.emit(ASKED, { story: 'a', ask: { type: 'hello' } })
  const other = { ...a, globals: { ...a.globals, networkSeed: 2 } }
  leaves.push(beforeEach(other))
  await another
  expect(await Promise.all([ask('/cart'), ask('/till')])).toEqual(['/cart', '/till'])
  for (const leave of leaves) leave?.()
})

test('handlers that name no host need to be told theirs, and the next story is none the worse for it', async () => {
  const anywhere: NetworkParameters = { handlers: [http.get('*/cart', () => HttpResponse.json(1))] }
  expect(() => beforeEach(story('a', anywhere))).toThrow(/hosts/)
  const leave = beforeEach(story('b', answering('/cart')))
  expect(await ask('/cart')).toBe('/cart')
  leave?.()
})
