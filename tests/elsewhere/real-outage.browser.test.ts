/** A real outage: a real server is killed and comes back. Recorded there, replayed on the simulator. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createNetwork, fromRecording, manualClock, seededRandom } from '../../mocks/index.js'
import { createOrderApi } from '../../mocks/order-api.js'
import { attachFetch } from '../../src/http/fetch.js'
import { createConnection, probe, systemClock, type Clock } from '../../src/index.js'
import { createRecorder, type Recording } from '../../src/recorder/index.js'
import { startApi, type ApiProcess } from '../support/api-process.js'

const EVERY_MS = 300
/** Somebody looks at the orders for so long. */
const LENGTH_MS = 6_000

let api: ApiProcess
afterAll(() => api?.stop())

/** Somebody who looks at the orders again and again, and the recorder that runs beside. */
function begin(base: string, clock: Clock, fetch: typeof globalThis.fetch) {
  const connection = createConnection({
    probe: probe(`${base}/health`, { fetch }),
    clock,
    random: seededRandom(1),
  })
  const http = attachFetch(fetch, { connection, log: (line) => recorder.log(line) })
  const recorder = createRecorder({ connection, sources: [http], routes: ['/orders'] })
  connection.start()
  const look = () => void http.fetch(`${base}/orders`).catch(() => {})
  for (let ms = EVERY_MS; ms < LENGTH_MS; ms += EVERY_MS) clock.setTimeout(look, ms)
  return () => {
    const recording = recorder.recording()
    for (const stop of [recorder.stop, http.detach, connection.stop]) stop()
    return recording
  }
}

async function liveThroughIt(): Promise<Recording> {
  api = await startApi({ port: 0 })
  const { origin, port } = api
  const end = begin(origin, systemClock, (input, init) => globalThis.fetch(input, init))
  await wait(1_450)
  api.signal('SIGKILL')
  await api.ended
  await wait(2_000)
  api = await startApi({ port })
  await wait(LENGTH_MS - 3_450)
  return end()
}

async function replay(recording: Recording): Promise<Recording> {
  const clock = manualClock()
  const latencyMs = 4
  const { handlers } = createOrderApi({ base: 'https://api.example' })
  const network = createNetwork({ clock, hosts: ['api.example'], handlers, latencyMs })
  network.run(fromRecording(JSON.stringify(recording), { latencyMs }))
  const end = begin('https://api.example', clock, network.fetch)
  // A busy machine takes its time to start a server: the outage was as long as it was.
  await clock.advance(recording.lengthMs)
  const replayed = end()
  network.dispose()
  return replayed
}

/** What the link was, one state after the other: a line may also tell of what is only remembered. */
const linksOf = ({ lines }: Recording) =>
  lines
    .flatMap((line) => (line.what === 'link' ? [{ is: `${line.link} ${line.cause}`, atMs: line.atMs }] : []))
    .filter(({ is }, at, all) => is !== all[at - 1]?.is)

test('B13: what the kit lived through with a real server that was killed, it lives through again on the simulator', async () => {
  const recording = await liveThroughIt()
  const [lived, replayed] = [linksOf(recording), linksOf(await replay(recording))]
  expect(replayed.map(({ is }) => is)).toEqual(lived.map(({ is }) => is))
  expect(lived.map(({ is }) => is)).toContain('waiting server')
  expect(recording.lines.some((line) => line.what === 'link' && line.newBoot)).toBe(true)
  // Timers of a busy machine are late, each attempt counts from the one before, and there are none that are late here.
  const early = lived.map(({ atMs }, at) => Math.abs(atMs - (replayed[at]?.atMs ?? Infinity)) - 0.1 * atMs)
  expect(Math.max(...early)).toBeLessThan(400)
})
