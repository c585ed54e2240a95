import { expect, test } from 'vitest'
import { joinBus } from '../../src/tabs/bus.js'
import { browserTabs } from '../../src/tabs/browser-tabs.js'
import { manualClock } from '../../mocks/manual-clock.js'

test('what is said is heard by all others of the same name, and by none after stop()', async () => {
  const heard: string[] = []
  const join = (who: string, name: string, then = () => {}) =>
    joinBus(name, (message) => {
      heard.push(`${who} ${JSON.stringify(message)}`)
      then()
    })
  let done = (): void => {}
  const isDone = new Promise<void>((resolve) => (done = resolve))
  const a = join('a', 'one')
  const b = join('b', 'one', done)
  const gone = join('gone', 'one')
  const other = join('other', 'two')
  gone.stop()
  gone.post({ n: 0 })
  a.post({ n: 1 })
  await isDone
  expect(heard).toEqual(['b {"n":1}'])
  for (const bus of [a, b, other]) bus.stop()
})

test('where there is no page there are no tabs', () => {
  expect(browserTabs(manualClock())).toBeNull()
})
