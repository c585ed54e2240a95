/** Answers whose bodies are read after the request is over, on a real server. */
import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { attachHttp } from '../../src/http/index.js'
import { createRig, watch, type Rig } from './rig.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** `/file` begins with "one" and goes on when it is told; everything else stays silent. */
async function serve(): Promise<{ origin: string; file: Promise<ServerResponse> }> {
  let tell: (response: ServerResponse) => void = () => {}
  const file = new Promise<ServerResponse>((resolve) => (tell = resolve))
  const server = createServer(({ url }, response) => {
    if (url !== '/file') return
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).write('one')
    tell(response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, file }
}

async function attach(
  adapter: string,
): Promise<{ api: AxiosInstance; rig: Rig; file: Promise<ServerResponse> }> {
  const { origin, file } = await serve()
  const rig = createRig()
  await rig.online()
  const api = axios.create({ baseURL: origin, adapter })
  attachHttp(api, { connection: rig.connection })
  return { api, rig, file }
}

async function textOf(body: unknown): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test.each(['http', 'fetch'])(
  'a body that is still read survives the abort of a request that began after it (%s)',
  async (adapter) => {
    const { api, file } = await attach(adapter)
    const { data } = await api.get<unknown>('/file', { responseType: 'stream' })
    const controller = new AbortController()
    const other = api.get('/silent', { signal: controller.signal })
    controller.abort()
    await expect(other).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    const read = textOf(data)
    ;(await file).end('two')
    expect(await read).toBe('onetwo')
  },
)

test.each(['http', 'fetch'])('its own caller’s signal ends it, as without the kit (%s)', async (adapter) => {
  const { api } = await attach(adapter)
  const controller = new AbortController()
  const { signal } = controller
  const { data } = await api.get<unknown>('/file', { responseType: 'stream', signal })
  const read = textOf(data)
  controller.abort()
  await expect(read).rejects.toThrow(/abort|cancel/i)
})

test('its bytes are no movement of the request that sits in its place by then', async () => {
  const rig = createRig()
  await rig.online()
  watch(rig.api.get('/file', { responseType: 'stream' }))
  await rig.clock.settle()
  const hear = (config: InternalAxiosRequestConfig) => config.onDownloadProgress
  const ear = hear(rig.net.last.config)
  rig.net.last.answer()
  await rig.clock.settle()
  watch(rig.api.get('/silent'))
  await rig.clock.advance(2_000)
  ear?.({ loaded: 9, bytes: 9, lengthComputable: false, event: undefined })
  await rig.clock.advance(1_100)
  expect(rig.events.filter(({ type }) => type === 'SUSPICION')).toHaveLength(1)
})
