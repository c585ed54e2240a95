/**
 * What a request costs: bytes allocated over plain axios, of the kit and of axios-retry, measured side by side in one
 * process (docs/spec/performance.md, P8). The network answers at once, so that nothing but their own work is weighed.
 *
 *     npm run bench:http
 */
import axios from 'axios'
import axiosRetry from 'axios-retry'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'

/** P8: bytes over plain axios. */
const LIMIT = 200
const REQUESTS = 1_000
const ROUNDS = 45
/** The first rounds are those of the compiler. */
const WARM_UP = 15

/** The kit's sources as an application bundles them. */
async function kit() {
  const folder = await bundle('http', { kit: 'src/index.ts', http: 'src/http/index.ts' }, ['axios'])
  const load = (name) => import(pathToFileURL(path.join(folder, `${name}.js`)).href)
  return { ...(await load('kit')), ...(await load('http')) }
}

const HEADERS = { 'content-type': 'application/json' }
const adapter = (config) =>
  Promise.resolve({
    status: 200,
    statusText: 'OK',
    headers: HEADERS,
    data: '{"ok":true}',
    config,
    request: null,
  })

const instance = () => axios.create({ baseURL: 'https://api.test', adapter })

async function contestants() {
  const { attachHttp, createConnection } = await kit()
  const connection = createConnection({ probe: async () => ({ kind: 'good' }) })
  connection.start()
  await new Promise((resolve) => setImmediate(resolve))
  const held = instance()
  attachHttp(held, { connection })
  const retried = instance()
  axiosRetry(retried, { retries: 5 })
  return { 'plain axios': instance(), holdfast: held, 'axios-retry': retried }
}

/** Bytes allocated a request: the young generation is large enough that nothing is collected meanwhile. */
async function bytesOf(api, method) {
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  if (method === 'get') for (let sent = 0; sent < REQUESTS; sent++) await api.get('/orders')
  else for (let sent = 0; sent < REQUESTS; sent++) await api.post('/orders', '{"id":1}')
  return (process.memoryUsage().heapUsed - before) / REQUESTS
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

async function measure(entries, method) {
  const rounds = Object.fromEntries(entries.map(([name]) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, api] of entries) {
      const bytes = await bytesOf(api, method)
      if (round >= WARM_UP) rounds[name].push(bytes)
    }
  }
  return Object.fromEntries(entries.map(([name]) => [name, median(rounds[name])]))
}

const entries = Object.entries(await contestants())
for (const method of ['get', 'post']) {
  const bytes = await measure(entries, method)
  const plain = bytes['plain axios']
  console.log(
    `${method.toUpperCase()}: bytes allocated a request, median of ${ROUNDS - WARM_UP} rounds of ${REQUESTS}`,
  )
  for (const [name] of entries) {
    const over = Math.round(bytes[name] - plain)
    const note = name === 'plain axios' ? '' : `, ${over} over plain axios`
    console.log(`  ${name.padEnd(12)} ${Math.round(bytes[name])}${note}`)
  }
  if (method !== 'get') continue
  const over = Math.round(bytes.holdfast - plain)
  const isKept = over <= LIMIT
  console.log(`${isKept ? '✓' : '✗'} P8: ${over} of ${LIMIT} bytes`)
  process.exitCode = isKept ? 0 : 1
}
process.exit()
