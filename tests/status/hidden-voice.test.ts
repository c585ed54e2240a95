/** What is spoken in a hidden page is heard by nobody: it waits for somebody who is there (ux-26). */
import { expect, test } from 'vitest'
import { whileLost, whileUp } from './script.js'

const hidden = (is: boolean) => ({ type: 'HIDDEN', hidden: is }) as const
const keys = ({ spoken }: ReturnType<typeof whileUp>) => spoken.map(({ message }) => message.key)

test('ux-26: an outage that begins while the page is hidden is spoken when somebody is back, once', () => {
  const script = whileUp()
  script.page(hidden(true))
  script.lose()
  script.wait(60_000)
  expect(keys(script)).toEqual([])
  script.page(hidden(false))
  expect(keys(script)).toEqual(['reconnecting'])
  script.page(hidden(true))
  script.page(hidden(false))
  expect(keys(script)).toEqual(['reconnecting'])
})

test('ux-26: an outage that begins and ends while the page is hidden is not spoken of as if it went on', () => {
  const script = whileUp()
  script.page(hidden(true))
  script.lose()
  script.wait(5_000)
  script.up()
  script.wait(60_000)
  expect(keys(script)).toEqual([])
  script.page(hidden(false))
  expect(keys(script)).not.toContain('reconnecting')
})

test('ux-26: whoever has heard of an outage hears that it is over, also if it ended while he was away', () => {
  const script = whileLost(2_000)
  expect(keys(script)).toEqual(['reconnecting'])
  script.page(hidden(true))
  script.wait(10_000)
  script.up()
  script.wait(60_000)
  script.page(hidden(false))
  expect(keys(script)).toEqual(['reconnecting', 'recovered'])
})

test('a sign-in that falls due while the page is hidden is asked for when somebody is there', () => {
  const script = whileUp()
  script.page(hidden(true))
  script.connection({ auth: 'required' })
  script.wait(60_000)
  script.page(hidden(false))
  expect(script.spoken.map(({ politeness, message }) => [politeness, message.key])).toEqual([
    ['assertive', 'sign-in-needed'],
  ])
})
