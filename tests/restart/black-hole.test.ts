/** The proxy's black hole against the kernel's. */
import { expect, test } from 'vitest'
import { createFaultProxy } from '../support/fault-proxy.js'
import { type Answered, measure, serveOk } from './black-hole/measure.js'
import { measureReal, whyNoRealHole } from './black-hole/kernel.js'

const HOLES_MS = [2_000, 5_000]
const TOLERANCE_MS = 300

/** The kernel's timer wheel: a wait of over 2 s ends up to 256 ms late (at 250 Hz), as the last one before 5 s does. */
const wheelMs = (holeMs: number) => (holeMs > 4_000 ? 256 : 32)

async function measureProxied(holeMs: number): Promise<Answered> {
  const service = await serveOk()
  const proxy = await createFaultProxy({ target: service })
  try {
    let stop = async () => {}
    const hole = {
      port: proxy.port,
      begin: async () => (stop = await proxy.apply({ type: 'blackhole' })),
      end: () => stop(),
    }
    return await measure(hole, holeMs)
  } finally {
    await proxy.stop()
    service.stop()
  }
}

/** Waits for all of them also when one fails: a namespace has to be taken away. */
async function all<T extends readonly Promise<unknown>[]>(promises: readonly [...T]) {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

test('R12 a request sent into the proxy’s black hole is answered when it is after a real one, within 300 ms', async (context) => {
  const why = await whyNoRealHole()
  if (why) {
    console.log(`Skipped: there is no real black hole here, ${why}`)
    return context.skip(why)
  }
  const rows = await all(
    HOLES_MS.map(async (holeMs) => {
      const [kernel, proxy] = await all([measureReal(holeMs), measureProxied(holeMs)])
      return { holeMs, kernel, proxy }
    }),
  )
  for (const { holeMs, kernel, proxy } of rows) {
    console.log(
      `A black hole of ${holeMs} ms, answered so long after it: ` +
        `new connection ${kernel.onNewMs} ms real, ${proxy.onNewMs} ms proxied; ` +
        `kept connection ${kernel.onKeptMs} ms real, ${proxy.onKeptMs} ms proxied`,
    )
  }
  for (const { holeMs, kernel, proxy } of rows) {
    expect(Math.abs(kernel.onNewMs - proxy.onNewMs)).toBeLessThanOrEqual(TOLERANCE_MS)
    const later = kernel.onKeptMs - proxy.onKeptMs
    expect(later).toBeGreaterThanOrEqual(-TOLERANCE_MS)
    expect(later).toBeLessThanOrEqual(TOLERANCE_MS + wheelMs(holeMs))
  }
})
