/** Pages that are left, reloaded or put away while something is unsaved. */
import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useAutoReload, useLeaveGuard } from '../../src/vue/drafts.js'
import { createContext } from '../../src/vue/index.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'
import { createDraftRig } from './draft-rig.js'

class FakePage extends EventTarget {
  visibilityState = 'visible'
}

let page: FakePage
let window: EventTarget
beforeEach(() => {
  page = new FakePage()
  window = new EventTarget()
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', window)
})
afterEach(() => vi.unstubAllGlobals())

/** Whether somebody who leaves now is asked. */
function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

test('B10 useLeaveGuard asks as long as something would be lost, and not after its scope', () => {
  const scope = effectScope()
  const isUnsaved = shallowRef(false)
  scope.run(() => useLeaveGuard(isUnsaved))
  const asked = [asks()]
  isUnsaved.value = true
  asked.push(asks())
  isUnsaved.value = false
  asked.push(asks())
  isUnsaved.value = true
  scope.stop()
  asked.push(asks())
  expect(asked).toEqual([false, true, false, false])
})

test('B10 ux-47 with a draft on the device nobody is asked, without room everybody; guard says otherwise', async () => {
  const { open, box } = createDraftRig()
  const forms = {
    unkept: open('ann'),
    dirty: open('bob', { guard: 'dirty' }),
    off: open('eve', { guard: 'off' }),
  }
  const asked: Record<string, boolean[]> = {}
  for (const [guard, form] of Object.entries(forms)) {
    asked[guard] = [asks()]
    await form.type({ note: 'kept' })
    asked[guard].push(asks())
    box.refusal = new DOMException('', 'QuotaExceededError')
    await form.type({ note: 'in this page alone' })
    asked[guard].push(asks())
    box.refusal = null
    form.discard()
    await nextTick()
    asked[guard].push(asks())
    form.close()
  }
  expect(asked).toEqual({
    unkept: [false, false, true, false],
    dirty: [false, true, true, false],
    off: [false, false, false, false],
  })
})

test('B10 whatever puts the page away has the last keys written: hiding, freezing, leaving', async () => {
  for (const put of [
    () => {
      page.visibilityState = 'hidden'
      page.dispatchEvent(new Event('visibilitychange'))
    },
    () => page.dispatchEvent(new Event('freeze')),
    () => window.dispatchEvent(new Event('pagehide')),
  ]) {
    page.visibilityState = 'visible'
    const { open, text } = createDraftRig()
    const form = open()
    form.values.note = 'the last words'
    put()
    expect(text()).toContain('the last words')
    form.close()
  }
})

test('ux-50 an automatic reload is announced for 20 s at least; less is refused by name', () => {
  const fixed = fixedHoldfast({})
  const context = createContext({ connections: fixed.connections, status: fixed.status })
  const use = (options: object) => () => effectScope().run(() => useAutoReload({ context, ...options }))
  expect(use({ afterMs: 19_999 })).toThrow(/useAutoReload\.afterMs is 19999; allowed: a number from 20000/)
  expect(use({ after: 1 })).toThrow(/useAutoReload\.after/)
  expect(use({ afterMs: 20_000 })).not.toThrow()
})

test('ux-50 a countdown that was slept through has been seen by nobody: it begins again', async () => {
  const fixed = fixedHoldfast({})
  const { clock } = fixed
  let sleptMs = 0
  const waking = { ...clock, now: () => clock.now() + sleptMs }
  const connections = { api: { ...fixed.connections.api, clock: waking } }
  const reload = vi.fn()
  const scope = effectScope()
  const { seconds } = scope.run(() =>
    useAutoReload({ context: createContext({ connections, status: fixed.status }), when: true, reload }),
  )!
  await clock.advance(50_000)
  expect(seconds.value).toBe(10)
  // The lid is closed over night; the page never was hidden, and its timers are due at once.
  sleptMs = 8 * 3_600_000
  await clock.advance(10_000)
  expect([reload.mock.calls.length, seconds.value]).toEqual([0, 60])
  await clock.advance(60_000)
  expect(reload).toHaveBeenCalledOnce()
  scope.stop()
})
