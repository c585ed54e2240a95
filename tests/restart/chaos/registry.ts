/**
 * A registry of instances, with a balancer before it: each is asked for its health in turn, and whoever has missed twice
 * is given no more connections. The balancer knows nothing of HTTP.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** An instance, as the registry knows it. */
interface Instance {
  readonly port: number
  misses: number
}

/** What a test does with it. */
export interface Registry {
  /** Of the balancer. */
  readonly port: number
  add(port: number): void
  /** Whether it is given connections. */
  has(port: number): boolean
  stop(): Promise<void>
}

const EVERY_MS = 500
const MISSES = 2

/** Starts both. `redispatch`: where one refuses the connection, the balancer tries the next, as most do. */
export async function startRegistry({ redispatch }: { redispatch: boolean }): Promise<Registry> {
  const instances = new Map<number, Instance>()
  const sockets = new Set<Socket>()
  const over = new AbortController()
  let turn = 0

  async function ask(instance: Instance): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${instance.port}/health`, {
      signal: AbortSignal.timeout(EVERY_MS),
    }).catch(() => null)
    instance.misses = answer?.ok ? 0 : instance.misses + 1
    if (instance.misses >= MISSES) instances.delete(instance.port)
  }
  async function watch(): Promise<void> {
    while (!over.signal.aborted) {
      await Promise.all([...instances.values()].map(ask))
      await wait(EVERY_MS, undefined, { signal: over.signal }).catch(() => {})
    }
  }

  const nextOne = (): number | undefined => {
    const all = [...instances.keys()]
    return all[turn++ % all.length]
  }
  function join(client: Socket, upstream: Socket): void {
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => (sockets.delete(socket), other.destroy()))
    }
    client.pipe(upstream).pipe(client)
  }
  async function dispatch(client: Socket): Promise<void> {
    for (let tries = redispatch ? instances.size : 1; tries > 0; tries--) {
      const port = nextOne()
      if (port === undefined) break
      const upstream = connect({ port, host: '127.0.0.1' })
      if (await once(upstream, 'connect').catch(() => null)) return join(client, upstream)
    }
    client.destroy()
  }
  const balancer = createServer((client) => {
    client.on('error', () => client.destroy())
    void dispatch(client)
  })
  balancer.listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  const watching = watch()
  return {
    port: (balancer.address() as { port: number }).port,
    add: (port) => void instances.set(port, { port, misses: 0 }),
    has: (port) => instances.has(port),
    async stop() {
      over.abort()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => balancer.close(resolve))
      await watching
    },
  }
}
