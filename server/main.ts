/** The process: `node server/main.ts --port 8787 --db orders.db --origins http://localhost:6006`. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { createDownstream } from './downstream.ts'
import { createReadiness } from './health.ts'
import { createInFlight } from './in-flight.ts'
import { systemLoad } from './load/pressure.ts'
import { logToStdout as log, openLogFile } from './log.ts'
import { gracefulShutdown } from './shutdown.ts'

const config = readConfig(process.argv.slice(2), process.env)
const boot = randomUUID()
const database = openDatabase(config.databaseFile)
const workers = createInFlight()
const { returnCapacity, preStopMs } = config
const readiness = createReadiness({ restartMs: config.retryAfterS * 1000, preStopMs, returnCapacity })
const downstream = config.downstream === null ? undefined : createDownstream(config.downstream)
const isFile = config.accessLog !== null && config.accessLog !== '-'
const accessFile = isFile ? openLogFile(config.accessLog) : undefined

const app = await buildApp({
  database,
  boot,
  origins: config.origins,
  readiness: readiness.ask,
  workers,
  workMs: config.workMs,
  log,
  accessLog: config.accessLog === '-' ? log : accessFile?.log,
  deadlineMs: config.deadlineMs,
  limits: {
    requestsPerSecond: config.requestsPerSecond,
    mostWaiting: config.mostWaiting,
    mostLoadPerCore: config.mostLoadPerCore || Infinity,
    mostLagMs: config.mostLagMs || Infinity,
    returnCapacity,
    source: systemLoad(),
  },
  downstream,
  testRoutes: config.testRoutes,
  live: { ring: config.ring, heartbeatMs: config.heartbeatMs },
  auth: config.auth,
  tokenLifeS: config.tokenLifeS,
})

gracefulShutdown(app.server, {
  preStopMs,
  shutdownTimeoutMs: config.shutdownTimeoutMs,
  onDraining: readiness.drain,
  estimateMs: readiness.estimateMs,
  returnCapacity,
  streams: app.streams,
  workersLeft: workers.idle,
  handles: [
    { name: 'database', close: database.close, open: () => (database.sql.isOpen ? 1 : 0) },
    ...(downstream
      ? [{ name: 'downstream agent', close: downstream.close, open: downstream.connections }]
      : []),
    ...(accessFile ? [{ name: 'access log', close: accessFile.close }] : []),
  ],
  log,
})

await app.listen({ port: config.port, host: config.host })
log({ step: 'listening', port: (app.server.address() as AddressInfo).port, boot, pid: process.pid })
