import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rig } from './rig.js'

/** A refusal with these words, as axios tells it. */
const refusal = (data: unknown) => ({ isAxiosError: true, response: { status: 422, headers: {}, data } })

test('I39 the server’s words about a refusal are kept as text, cut to 200 characters, whatever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.string({ maxLength: 1_000 }), async (thing, words) => {
      for (const detail of [thing, words, `<img src=x onerror=alert(1)>${words}`]) {
        const desk = await rig()
        await desk.add('bread')
        desk.last().fail(refusal({ type: 'about:blank', detail }))
        await desk.clock.settle()
        const { state } = desk.queue.actions[0]!
        const told = typeof detail === 'string' && detail ? detail.slice(0, 200) : undefined
        expect(state).toMatchObject({ name: 'failed', why: 'rejected', status: 422 })
        expect('detail' in state ? state.detail : undefined).toBe(told)
        desk.queue.stop()
      }
    }),
    { numRuns: 30 },
  )
})
