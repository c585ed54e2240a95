/** Serves a checkout of the web-platform-tests as their own server would, as far as the tests of WebSocket ask. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, resolve, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serveHandlers } from '../handlers.ts'

/** The name that the tests know the server by; a browser has to be told that it is this machine. */
export const HOST = 'web-platform.test'

/** A running server. */
export interface WptSite {
  readonly origin: string
  /** What is put into each worker before anything else; pages are given it by whoever opens them. */
  withClass(code: string): void
  stop(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  // Without a character set: some tests say theirs in the document.
  '.html': 'text/html',
  '.js': 'text/javascript; charset=utf-8',
}

const REPORT = `add_completion_callback((tests, status) => {
  window.wptReport = {
    status: status.status,
    tests: tests.map(({ name, status, message }) => ({ name, status, message })),
  }
})`

const SCOPE = {
  window: 'self.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false }',
  worker: 'self.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false }',
}

const scriptsOf = (source: string) =>
  [...source.matchAll(/^\/\/ META: script=(.+)$/gm)].map(([, src]) => src!.trim())
const html = (...scripts: string[]) =>
  `<!doctype html><meta charset="utf-8"><div id="log"></div>${scripts.join('')}`
const script = (src: string) => `<script src="${src}"></script>`
const HARNESS = script('/resources/testharness.js') + script('/resources/testharnessreport.js')

/** Serves the checkout in `root`, pages and sockets from one port. */
export async function serveWpt(root: string): Promise<WptSite> {
  let code = ''
  let port = 0

  async function read(path: string): Promise<Buffer | null> {
    const file = resolve(root, `.${path}`)
    if (!file.startsWith(resolve(root) + sep)) return null
    const contents = await readFile(file).catch(() => null)
    if (!contents || !path.includes('.sub.')) return contents
    return Buffer.from(
      contents.toString('utf8').replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => valueOf(name)),
    )
  }

  function valueOf(name: string): string {
    if (name.startsWith('ports[')) return String(port)
    if (name === 'location[host]') return `${HOST}:${port}`
    if (name === 'host' || name === 'domains[]') return HOST
    const [, sub] = /^(?:domains|hosts\[\w*\])\[(\w*)\]$/.exec(name) ?? []
    return sub ? `${sub}.${HOST}` : HOST
  }

  /** What is no file: pages around scripts, and scripts around scripts. */
  async function made(path: string): Promise<string | null> {
    if (path === '/resources/testharnessreport.js') return REPORT
    if (path === '/class.js') return code
    if (path.endsWith('.any.worker.js')) {
      const name = path.replace('.worker.js', '.js')
      const source = (await read(name))?.toString('utf8')
      if (source === undefined) return null
      const all = ['/class.js', '/resources/testharness.js', ...scriptsOf(source), name]
      return `${SCOPE.worker};importScripts(${JSON.stringify(all).slice(1, -1)});done()`
    }
    if (/\.worker\.html$/.test(path)) {
      const worker = path.replace('.html', '.js')
      const start = `fetch_tests_from_worker(new Worker(${JSON.stringify(worker)} + location.search))`
      return html(HARNESS, `<script>${start}</script>`)
    }
    if (!/\.(any|window)\.html$/.test(path)) return null
    const name = path.replace('.html', '.js')
    const source = (await read(name))?.toString('utf8')
    return source === undefined
      ? null
      : html(`<script>${SCOPE.window}</script>`, HARNESS, ...[...scriptsOf(source), name].map(script))
  }

  /** A worker of the tests' own has the class in front of it. */
  async function contentsOf(path: string): Promise<Buffer | string | null> {
    const contents = (await made(path)) ?? (await read(path))
    const isWorker = path.endsWith('.worker.js') && !path.endsWith('.any.worker.js')
    return isWorker && contents ? `importScripts('/class.js');${contents.toString()}` : contents
  }

  const server = createServer(async (request: IncomingMessage, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`)
    const [, seconds] = /trickle\(d(\d+)\)/.exec(searchParams.get('pipe') ?? '') ?? []
    await wait(Number(seconds ?? 0) * 1_000)
    const contents = await contentsOf(decodeURIComponent(pathname))
    if (contents === null) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] ?? 'application/octet-stream' })
    response.end(contents)
  })
  const cut = serveHandlers(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  port = (server.address() as AddressInfo).port
  return {
    origin: `http://${HOST}:${port}`,
    withClass: (given) => void (code = given),
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
        cut()
      }),
  }
}
