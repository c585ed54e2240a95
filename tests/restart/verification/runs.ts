/** The runs of `npm run verify:shutdown`: a real process, real signals, and what its clients see (R14). */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ApiProcess, startApi } from '../../support/api-process.js'
import { type Dial, startDialling } from './dials.js'
import { type Ending, openListeners } from './listeners.js'
import { type Check, type Report, check } from './report.js'
import { type Asked, askOnce, startTraffic } from './traffic.js'

/** How long a run is. */
export interface Lengths {
  /** How long traffic runs before the signal, in ms. */
  readonly driveMs: number
  /** When the shutdown is forced, in ms after the signal. */
  readonly shutdownTimeoutMs: number
  /** How long the request takes that is too slow, in ms. */
  readonly tooSlowMs: number
  /** How many streams, sockets and polls there are of each kind. */
  readonly listeners: number
}

/** As the issue of the reference server asks for it. */
export const FULL: Lengths = { driveMs: 10_000, shutdownTimeoutMs: 30_000, tooSlowMs: 40_000, listeners: 50 }

/** The same, as short as it can be seen: for the test command. */
export const SHORT: Lengths = { driveMs: 2_500, shutdownTimeoutMs: 2_000, tooSlowMs: 10_000, listeners: 5 }

const PER_SECOND = 10
/** How late a new connection may still be taken after the step "no new requests", in ms. */
const REFUSED_WITHIN_MS = 50

/** A server, and a service behind it that takes 100 ms. */
async function withServer<T>(
  settings: Readonly<Record<string, string | number>>,
  run: (api: ApiProcess, pool: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  const behind = createServer((_request, response) => setTimeout(() => response.end('{"price":3}'), 100))
  await new Promise<void>((ready) => behind.listen(0, '127.0.0.1', ready))
  const { port } = behind.address() as { port: number }
  const api = await startApi({
    port: 0,
    db: join(folder, 'orders.db'),
    downstream: `http://127.0.0.1:${port}`,
    'access-log': join(folder, 'access.log'),
    'test-routes': 'on',
    'work-ms': 200,
    ...settings,
  })
  try {
    return await run(
      api,
      () =>
        new Promise((resolve, reject) =>
          behind.getConnections((error, n) => (error ? reject(error) : resolve(n))),
        ),
    )
  } finally {
    await api.stop()
    behind.close()
    behind.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Ten requests a second, SIGTERM, and with listeners if there are to be any. */
export async function verifyGraceful(lengths: Lengths, withListeners: boolean): Promise<Report> {
  const title = withListeners
    ? 'SIGTERM with streams, sockets and polls open'
    : 'SIGTERM under ten requests a second'
  return withServer({ 'shutdown-timeout-ms': lengths.shutdownTimeoutMs + 8_000 }, async (api, pool) => {
    const listeners = withListeners ? await openListeners(api.origin, lengths.listeners) : null
    const traffic = startTraffic(api.origin, PER_SECOND)
    // Between two requests: what has begun has also been taken.
    await wait(lengths.driveMs + 1000 / PER_SECOND / 2)
    const stopDialling = startDialling(api.port)
    const signalledAt = Date.now()
    api.signal('SIGTERM')
    const { code } = await api.ended
    const [asked, dials] = await Promise.all([traffic.stop(), stopDialling()])
    return {
      title,
      checks: [
        ...refusalChecks(api, dials),
        ...requestChecks(asked, signalledAt, instantOf(api, 'no new requests')),
        ...(listeners ? listenerChecks(await listeners.ended(), lengths.listeners) : []),
        ...logChecks(api),
        check('connections to the service behind', (await pool()) === 0, `${await pool()} left`),
        check('exit code', code === 0, code),
      ],
    }
  })
}

const instantOf = (api: ApiProcess, step: string): number =>
  Date.parse(api.log.find((line) => line.step === step)?.at ?? '')

function refusalChecks(api: ApiProcess, dials: readonly Dial[]): Check[] {
  const closedAt = instantOf(api, 'no new requests')
  const lastTakenAt = dials.findLast(({ error }) => error === null)?.beganAt ?? 0
  const refused = dials.filter(({ error, beganAt }) => error === 'ECONNREFUSED' && beganAt >= closedAt)
  const lateMs = Math.max(0, lastTakenAt - closedAt)
  return [
    check(
      'new connections refused',
      refused.length > 0 && lateMs <= REFUSED_WITHIN_MS,
      `the last one taken ${lateMs} ms after the listener closed, ${refused.length} refused`,
    ),
  ]
}

function requestChecks(asked: readonly Asked[], signalledAt: number, closedAt: number): Check[] {
  const answered = asked.filter(({ endedAt }) => endedAt <= signalledAt)
  const inFlight = asked.filter(({ beganAt, endedAt }) => beganAt < signalledAt && endedAt > signalledAt)
  const after = asked.filter(({ beganAt }) => beganAt > closedAt)
  const done = (list: readonly Asked[]) => list.filter(({ outcome }) => outcome === 'ok').length
  const refused = after.filter(({ outcome }) => outcome === 'not-sent').length
  return [
    check(
      'answered before the signal',
      done(answered) === answered.length,
      `${done(answered)} of ${answered.length}`,
    ),
    check(
      'in flight at the signal, finished',
      inFlight.length > 0 && done(inFlight) === inFlight.length,
      `${done(inFlight)} of ${inFlight.length}`,
    ),
    check(
      'begun after the listener closed',
      done(after) + refused === after.length && refused > 0,
      `${done(after)} answered, ${refused} refused, ${after.length - done(after) - refused} lost`,
    ),
  ]
}

function listenerChecks(endings: readonly Ending[], each: number): Check[] {
  const checks = (['stream', 'socket', 'poll'] as const).map((kind) => {
    const those = endings.filter((ending) => ending.kind === kind)
    const faults = those.filter(({ fault, retryAfterMs }) => fault !== '' || retryAfterMs === null)
    const told = those.map(({ retryAfterMs }) => retryAfterMs ?? 0)
    return check(
      `${kind}s told and ended`,
      those.length === each && faults.length === 0,
      faults[0]?.fault ??
        `${those.length}, to come back after ${Math.min(...told)} to ${Math.max(...told)} ms`,
    )
  })
  const places = new Set(
    endings.filter(({ kind }) => kind !== 'poll').map(({ retryAfterMs }) => retryAfterMs),
  )
  return [
    ...checks,
    check('each stream and socket has a place of its own', places.size === 2 * each, places.size),
  ]
}

function logChecks(api: ApiProcess): Check[] {
  const steps = api.log.map(({ step }) => step)
  const marks = ['no new requests', 'all workers left'].map((mark) => steps.indexOf(mark))
  const handles = api.log.filter(({ step }) => step === 'closed')
  const released = api.log.find(({ step }) => step === 'handles released')
  return [
    check('both marks in the log, in order', marks[0]! > 0 && marks[1]! > marks[0]!, steps.join(' > ')),
    check(
      'pool at zero',
      released?.['requests'] === 0 &&
        released['connections'] === 0 &&
        handles.every(({ open = 0 }) => open === 0),
      `${released?.['requests']} requests, ${released?.['connections']} connections; ` +
        handles.map(({ handle, open }) => `${handle}${open === undefined ? '' : `: ${open}`}`).join(', '),
    ),
  ]
}

/** A request that outlasts the deadline of the shutdown. */
export async function verifyForced({ shutdownTimeoutMs, tooSlowMs }: Lengths): Promise<Report> {
  return withServer({ 'shutdown-timeout-ms': shutdownTimeoutMs }, async (api) => {
    const slow = askOnce(api.origin, 'POST', `/slow?ms=${tooSlowMs}`)
    await wait(500)
    const signalledAt = Date.now()
    api.signal('SIGTERM')
    const [{ code }, { outcome, endedAt }] = await Promise.all([api.ended, slow])
    const cutAfterMs = endedAt - signalledAt
    const forced = api.log.find(({ step }) => step === 'forced')
    return {
      title: `SIGTERM with a request of ${tooSlowMs / 1000} s`,
      checks: [
        check(
          'forced at the deadline',
          forced?.['why'] === 'deadline' &&
            cutAfterMs >= shutdownTimeoutMs - 50 &&
            cutAfterMs < shutdownTimeoutMs + 2_000,
          `${String(forced?.['why'])}, ${cutAfterMs} ms after the signal, ${String(forced?.['requests'])} request cut`,
        ),
        check('what the client sees', outcome === 'maybe-committed', outcome),
        check('exit code', code === 1, code),
      ],
    }
  })
}

/** All of them, one after the other; each is told as soon as it is there. */
export async function verifyShutdown(
  lengths: Lengths,
  tell: (report: Report) => void,
): Promise<readonly Report[]> {
  const reports: Report[] = []
  for (const run of [
    () => verifyGraceful(lengths, false),
    () => verifyGraceful(lengths, true),
    () => verifyForced(lengths),
  ]) {
    const report = await run()
    tell(report)
    reports.push(report)
  }
  return reports
}
