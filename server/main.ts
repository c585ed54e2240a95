/** The process: `node server/main.ts --port 8787 --db orders.db --origins http://localhost:6006`. */
import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { createDownstream } from './downstream.ts'
import { createReadiness } from './health.ts'
import { createInFlight } from './in-flight.ts'
import { systemLoad } from './load/pressure.ts'
import { logToStdout as log, openLogFile } from './log.ts'
import { gracefulShutdown } from './shutdown.ts'
import { endUnstarted, opened } from './start-up.ts'

function configured(): Config {
  try {
    return readConfig(process.argv.slice(2), process.env)
  } catch (error) {
    return endUnstarted((error as Error).message)
  }
}

const config = configured()
const boot = randomUUID()
const database = await opened('db', config.databaseFile, () => openDatabase(config.databaseFile))
const workers = createInFlight()
const { returnCapacity, preStopMs } = config
const readiness = createReadiness({ restartMs: config.retryAfterS * 1000, preStopMs, returnCapacity })
const downstream = config.downstream === null ? undefined : createDownstream(config.downstream)
const { accessLog } = config
const lost = (error: Error) => log({ step: 'access log lost', error: error.message }, 'warn')
const accessFile =
  accessLog === null || accessLog === '-'
    ? undefined
    : await opened('access-log', accessLog, () => openLogFile(accessLog, lost))

const app = await buildApp({
  database,
  boot,
  origins: config.origins,
  readiness: readiness.ask,
  workers,
  workMs: config.workMs,
  log,
  accessLog: accessLog === '-' ? log : accessFile?.log,
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

const { port, host } = config
await opened('host', host, () => lookup(host))
await opened('port', port, () => app.listen({ port, host }))
log({ step: 'listening', port: (app.server.address() as AddressInfo).port, boot, pid: process.pid })
