/** The process: `node server/main.ts --port 8787 --db orders.db --origins http://localhost:6006`. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import type { Readiness } from './health.ts'
import { createInFlight } from './in-flight.ts'
import { logToStdout as log } from './log.ts'
import { gracefulShutdown } from './shutdown.ts'

const config = readConfig(process.argv.slice(2), process.env)
const boot = randomUUID()
const database = openDatabase(config.databaseFile)
const workers = createInFlight()
let readiness: Readiness = { name: 'ready' }

const app = await buildApp({
  database,
  boot,
  origins: config.origins,
  readiness: () => readiness,
  workers,
  workMs: config.workMs,
  log,
})

gracefulShutdown(app.server, {
  preStopMs: config.preStopMs,
  shutdownTimeoutMs: config.shutdownTimeoutMs,
  onDraining: () => {
    readiness = { name: 'draining', retryAfterS: config.retryAfterS }
  },
  workersLeft: workers.idle,
  release: database.close,
  log,
})

await app.listen({ port: config.port, host: config.host })
log({ step: 'listening', port: (app.server.address() as AddressInfo).port, boot, pid: process.pid })
