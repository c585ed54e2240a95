/** A page that plays the same requests with the browser's own XMLHttpRequest and with that of a simulated network. */
import { http, HttpResponse, type DefaultBodyType, type StrictRequest } from 'msw'
import { createNetwork, installPage } from '../../../mocks/index.js'
import { answers, PIECES } from './answers.js'
import { cases, type Trial } from './cases.js'

const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'] as const
const BASE = 'http://api.example'
const NOBODY = 'http://nobody.example/'

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function bodyOf(request: StrictRequest<DefaultBodyType>): Promise<Response> {
  const type = request.headers.get('Content-Type')
  return HttpResponse.text(`${request.method} ${type} ${await request.text()}`)
}

function piecesOf(path: string): Response {
  const isCut = path === '/cut'
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of PIECES) {
        controller.enqueue(new TextEncoder().encode(piece))
        await wait(100)
      }
      if (isCut) controller.error(new Error('cut'))
      else controller.close()
    },
  })
  return new HttpResponse(body, { headers: { 'Content-Type': 'application/json' } })
}

const handlers = [
  http.post(`${BASE}/echo`, ({ request }) => bodyOf(request)),
  http.all(`${BASE}/never`, () => new Promise<never>(() => {})),
  http.get(`${BASE}/pieces`, () => piecesOf('/pieces')),
  http.get(`${BASE}/cut`, () => piecesOf('/cut')),
  http.get(`${BASE}/headers`, ({ request }) => {
    const { status, headers } = answers['/headers']!
    return new HttpResponse(request.headers.get('X-One'), {
      ...{ status, headers: { ...headers, 'Content-Length': '4' } },
    })
  }),
  http.all(`${BASE}/*`, ({ request }) => {
    const { pathname } = new URL(request.url)
    const { status, headers, body } = answers[pathname] ?? answers['/missing']!
    return new HttpResponse(body && new Uint8Array(body), {
      ...{ status, headers: { 'Content-Length': String(body?.length ?? 0), ...headers } },
    })
  }),
]

/** What an event or an end looks like from outside. */
function record(xhr: XMLHttpRequest) {
  const diary: unknown[] = []
  const hear = (target: EventTarget, where: string): void => {
    for (const type of EVENTS) {
      target.addEventListener(type, (event) => {
        const { loaded, total, lengthComputable } = event as ProgressEvent
        diary.push([where + type, xhr.readyState, xhr.status, loaded, lengthComputable ? total : '?'])
      })
    }
  }
  hear(xhr, '')
  hear(xhr.upload, 'upload ')
  xhr.addEventListener('readystatechange', () => diary.push([`state ${xhr.readyState}`, xhr.status]))
  const over = new Promise<void>((resolve) => xhr.addEventListener('loadend', () => resolve()))
  return { diary, over, note: (what: unknown) => void diary.push(what) }
}

/** What it has in the end, in words. */
async function endOf(xhr: XMLHttpRequest): Promise<unknown> {
  const { status, statusText, responseType, response } = xhr
  const words: unknown =
    response instanceof Blob
      ? [response.type, await response.text()]
      : response instanceof ArrayBuffer
        ? [...new Uint8Array(response)]
        : response instanceof Document
          ? response.documentElement.outerHTML
          : response
  return [status, statusText, responseType, words, xhr.getResponseHeader('Content-Type')]
}

async function play(name: string, ends: Pick<Trial, 'base' | 'nobody'>): Promise<readonly unknown[]> {
  const xhr = new XMLHttpRequest()
  const { diary, over, note } = record(xhr)
  await cases[name]!({ ...ends, xhr, over, note, wait })
  await wait(50)
  return [...diary, await endOf(xhr)]
}

const trials = {
  native: (name: string, base: string, nobody: string) => play(name, { base, nobody }),
  cookies,
  async simulated(name: string): Promise<readonly unknown[]> {
    const network = createNetwork({ hosts: ['api.example', 'nobody.example'], handlers, latencyMs: 10 })
    network.apply({ type: 'refuse', only: { host: 'nobody.example' } })
    const uninstall = installPage(network)
    try {
      return await play(name, { base: BASE, nobody: NOBODY })
    } finally {
      uninstall()
      network.dispose()
    }
  },
}

/** What the page is told of its cookies: over the network twice and with more than a name, then by the browser. */
async function cookies(): Promise<readonly (string | null)[]> {
  document.cookie = 'XSRF-TOKEN=a=b'
  const network = createNetwork({ hosts: ['api.example'], handlers })
  const uninstall = installPage(network)
  const store = window.cookieStore
  const said = await Promise.all([
    store.get('XSRF-TOKEN'),
    store.get('XSRF'),
    store.get({ name: 'XSRF-TOKEN' }),
  ])
  uninstall()
  network.dispose()
  return [...said, await store.get('XSRF-TOKEN')].map((cookie) => cookie?.value ?? null)
}

declare global {
  interface Window {
    /** What a test drives the page by. */
    trials: typeof trials
  }
}
window.trials = trials
