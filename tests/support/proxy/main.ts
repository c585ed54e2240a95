/**
 * The proxy by hand, and its control port:
 *
 *     node tests/support/proxy/main.ts --listen 9000 --target 8787 --control 9001 --gateway
 *     curl -X POST localhost:9001/faults -d '{"type":"latency","ms":500}'     answers {"id":1}
 *     curl -X DELETE localhost:9001/faults/1
 *     curl -X POST localhost:9001/mode -d '{"mode":"blackhole"}'              until {"mode":"pass"}
 *     curl localhost:9001                                                     what is in force
 */
import { registerHooks } from 'node:module'
import { parseArgs } from 'node:util'

// The simulator names its files as they will be compiled; here they run as they are.
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/')
    return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context)
  },
})
const { createFaultProxy } = await import('../fault-proxy.js')

const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '0' },
    target: { type: 'string' },
    control: { type: 'string', default: '0' },
    gateway: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
})
const { gateway } = values
const [port, targetPort, control, seed] = [values.listen, values.target, values.control, values.seed].map(
  Number,
)

try {
  const target = { port: targetPort! }
  const proxy = await createFaultProxy({
    target,
    port: port!,
    gateway,
    control: control!,
    seed: seed!,
  })
  console.log(
    JSON.stringify({
      listening: proxy.port,
      target: targetPort,
      control: proxy.control?.origin,
    }),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void proxy.stop())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
