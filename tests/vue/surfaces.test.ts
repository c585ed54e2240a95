import { expect, test } from 'vitest'
import { createSurfaces, type Voice } from '../../src/vue/surfaces.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

function setup() {
  const { status, announce } = fixedHoldfast({})
  const log: string[] = []
  const voice = (name: string, where: Voice['where'] = 'page'): Voice => ({
    where,
    speak: () => log.push(name),
    focus: () => log.push(`focus ${name}`),
  })
  const speak = () => announce({ politeness: 'polite', message: { key: 'recovered', params: {} } })
  return { surfaces: createSurfaces(status), log, voice, speak }
}

test('ux-26: of several bars the oldest speaks, and when it goes the next', () => {
  const { surfaces, log, voice, speak } = setup()
  const remove = surfaces.add(voice('first'))
  surfaces.add(voice('second'))
  speak()
  remove()
  speak()
  expect(log).toEqual(['first', 'second'])
})

test('ux-27: an open dialog speaks instead of the page, and no longer when it is closed', () => {
  const { surfaces, log, voice, speak } = setup()
  surfaces.add(voice('bar'))
  const close = surfaces.add(voice('dialog', 'dialog'))
  speak()
  close()
  speak()
  expect(log).toEqual(['dialog', 'bar'])
})

test('the fallback of the focus is a bar, never a dialog', () => {
  const { surfaces, log, voice } = setup()
  surfaces.focusFallback()
  surfaces.add(voice('dialog', 'dialog'))
  surfaces.focusFallback()
  surfaces.add(voice('bar'))
  surfaces.focusFallback()
  expect(log).toEqual(['focus bar'])
})

test('without a voice nobody listens', () => {
  const { surfaces, log, voice, speak } = setup()
  const remove = surfaces.add(voice('bar'))
  remove()
  remove()
  speak()
  expect(log).toEqual([])
})
