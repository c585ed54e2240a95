/** The reference server in this process, on a real port of loopback, with time moved by hand. */
import type { AddressInfo, Socket } from 'node:net'
import { type AppOptions, buildApp } from '../../server/app.js'
import { type Database, openDatabase } from '../../server/database.js'
import { handTime } from '../server/hand-time.js'

/** Starts it. `stop` closes it; a database that was given stays open. */
export async function startServer({
  database = openDatabase(':memory:'),
  ...options
}: Partial<AppOptions> & { database?: Database } = {}) {
  const time = handTime()
  const app = await buildApp({ database, boot: 'boot-1', time, testRoutes: true, ...options })
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    app,
    database,
    time,
    origin: `http://127.0.0.1:${port}`,
    /** Connections to it that are open. */
    connections: () => sockets.size,
    sockets: () => [...sockets],
    async stop() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}
