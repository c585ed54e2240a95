/**
 * A server of `node:http` alone, ended by `gracefulShutdown`: that it can be copied into any back end.
 * Upgrades are taken, and never ended. `/stream` is open until it is told to end, `/hang` for ever, `/throw` throws where nobody catches, and after
 * `/break` one handle cannot be closed.
 */
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { logToStdout as log } from '../../server/log.ts'
import { gracefulShutdown } from '../../server/shutdown.ts'

const streams: ServerResponse[] = []
let pool = 3
let file: 'fine' | 'broken' = 'fine'

const server = createServer((request, response) => {
  if (request.url === '/stream') {
    response.write('begin\n')
    streams.push(response)
  } else if (request.url === '/hang') response.write('begin\n')
  else {
    if (request.url === '/break') file = 'broken'
    if (request.url === '/throw')
      setImmediate(() => {
        throw new Error('nobody catches this')
      })
    response.end('done')
  }
})

server.on('upgrade', (_request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n')
})

gracefulShutdown(server, {
  preStopMs: 0,
  shutdownTimeoutMs: 2_000,
  estimateMs: () => 3_000,
  streams: {
    announce(retryAfterMs) {
      streams.forEach((stream, place) => stream.write(`drain ${retryAfterMs(place)}\n`))
    },
    async end(retryAfterMs) {
      streams.forEach((stream, place) => stream.end(`retry ${retryAfterMs(place)}\n`))
    },
  },
  handles: [
    {
      name: 'file',
      close() {
        if (file === 'broken') throw new Error('the file cannot be closed')
      },
    },
    {
      name: 'pool',
      async close() {
        await wait(20)
        pool = 0
      },
      open: () => pool,
    },
  ],
  log,
})

server.listen(0, '127.0.0.1', () =>
  log({ step: 'listening', port: (server.address() as AddressInfo).port, boot: 'plain' }),
)
