import { expect, test } from 'vitest'
import { drawMachine, gatherFromAnywhere, LAID_ARROWS } from '../../stories/machine/diagram.js'
import { exploreMachine } from '../../stories/machine/explore.js'

const edges = exploreMachine()
const { arrows, fromAnywhere } = gatherFromAnywhere(edges)
const named = arrows.map(({ from, to }) => `${from} ${to}`)

test('R26: the picture has a way laid for every arrow of the machine, and for no other', () => {
  expect([...LAID_ARROWS].sort()).toEqual([...named].sort())
})

test('R26: the picture shows each arrow once, with the events that go that way', () => {
  const drawn = drawMachine(edges)
  for (const { from, to, events } of arrows) {
    const [, group] = drawn.split(`<g data-arrow="${from} ${to}">`)
    const label = group?.split('</g>')[0] ?? ''
    for (const type of events) expect(label).toContain(type.toLowerCase().replaceAll('_', ' '))
  }
  expect(drawn.match(/data-arrow=/g)).toHaveLength(arrows.length)
})

test('R26: stopping, and going offline by choice, lead to idle from everywhere', () => {
  expect(fromAnywhere).toEqual([{ to: 'idle', events: ['STOP', 'GO_OFFLINE'] }])
})

test('R26: lost, try, success, or wait and try again, are in the machine as the article draws them', () => {
  const leads = (from: string, to: string, type: string) =>
    edges.some((edge) => edge.from === from && edge.to === to && edge.events.some((event) => event === type))
  expect(leads('online', 'suspect', 'SUSPICION')).toBe(true)
  expect(leads('suspect', 'waiting', 'PROBE_FAILED')).toBe(true)
  expect(leads('waiting', 'trying', 'TIMER')).toBe(true)
  expect(leads('trying', 'online', 'PROBE_OK')).toBe(true)
  expect(leads('trying', 'waiting', 'PROBE_FAILED')).toBe(true)
})

test('an arrow that has no place in the picture is refused, not left out', () => {
  const invented = { from: 'idle', to: 'trying', events: ['TIMER'] } as const
  expect(() => drawMachine([...edges, invented])).toThrow('from idle to trying')
})
