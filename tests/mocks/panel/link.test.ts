import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeLink, encodeLink, EMPTY_LINK, type Link } from '../../../mocks/storybook/link.js'
import { buttons } from '../../../mocks/playback/buttons.js'
import { scenarios } from '../../../mocks/scenarios/index.js'

const STORY = 'order-desk--live'

const time = fc.integer({ min: 0, max: 86_400_000 })
const command = fc.oneof(
  fc.record({
    atMs: time,
    do: fc.constant('run' as const),
    what: fc.constantFrom(...Object.keys(scenarios)),
  }),
  fc.record({
    atMs: time,
    do: fc.constantFrom('begin' as const, 'end' as const),
    what: fc.constantFrom(...Object.keys(buttons)),
  }),
  fc.record({ atMs: time, do: fc.constant('calm' as const) }),
)
const link: fc.Arbitrary<Link> = fc.record({
  commands: fc.array(command, { maxLength: 6 }),
  atMs: fc.option(time),
  filter: fc.string({ unit: 'grapheme', maxLength: 20 }),
  line: fc.option(fc.nat(9999)),
})

test('property: what a link says is what was put into it, and no URL escapes a letter of it', () => {
  fc.assert(
    fc.property(link, (given) => {
      const text = encodeLink(STORY, given)
      if (text === null) return expect(given).toEqual(EMPTY_LINK)
      expect(decodeLink(STORY, text)).toEqual(given)
      expect(new URLSearchParams({ a: text }).toString()).toBe(`a=${text}`)
      expect(encodeURIComponent(text)).toBe(text)
    }),
  )
})

test('property: whatever a URL says, it is read without an error', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.array(fc.string({ maxLength: 20 }), { maxLength: 4 }),
      (text, words) => {
        decodeLink(STORY, text)
        const mine = encodeLink(STORY, { ...EMPTY_LINK, line: 1 })!
        expect(decodeLink(STORY, [mine, ...words].join('*'))).not.toBeNull()
      },
    ),
  )
})

test('a time that no playback goes to is left out', () => {
  const mark = encodeLink(STORY, { ...EMPTY_LINK, line: 1 })!.split('*')[0]
  const words = ['at_999999999', 'begin_latency_86400001', 'begin_offline_86400000']
  expect(decodeLink(STORY, [mark, ...words].join('*'))).toEqual({
    ...EMPTY_LINK,
    commands: [{ atMs: 86_400_000, do: 'begin', what: 'offline' }],
  })
})

test('a link is for one story, and can be read by people', () => {
  const text = encodeLink(STORY, {
    commands: [
      { atMs: 0, do: 'run', what: 'offline-60s' },
      { atMs: 3001, do: 'begin', what: 'latency' },
    ],
    ...{ atMs: 12_500, filter: 'orders -get', line: 7 },
  })!
  expect(text.split('*').slice(1)).toEqual([
    ...['at_12500', 'run_offline-60s_0', 'begin_latency_3001', 'filter_orders.20.2dget', 'line_7'],
  ])
  expect(decodeLink('another--story', text)).toBeNull()
  expect(encodeLink(STORY, EMPTY_LINK)).toBeNull()
})
