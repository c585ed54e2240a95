/** `holdfast/simulator/worker`: the network behind a page's back, by MSW's service worker, for applications that know of nothing. */
import { bypass, http, passthrough } from 'msw'
import { setupWorker } from 'msw/browser'
import { badOption, checkKeys } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { isRedirect, type Answer } from './answer.js'
import { checkRules, oneOf, optional, text } from './checks.js'
import { matches } from './faults.js'
import { toReadable } from './fetch.js'
import { installDevice } from './device/install-device.js'
import { installClass } from './install-class.js'
import type { Network } from './network.js'
import { isManualClock } from './pace.js'
import { standIn } from './real-fetch.js'

/** Options of `installWorker`. */
export interface InstallWorkerOptions {
  /**
   * Where MSW's worker is served, below the page. Default: `/mockServiceWorker.js`, where `npx msw init` of a public
   * folder puts it.
   */
  readonly url?: string
  /**
   * The paths that are the service's, exactly or with a `*` at the end; what else the page loads from its hosts passes
   * untouched. Needed where the page comes from one of them, so that its own files are not caught. Default: all.
   */
  readonly paths?: readonly string[]
  /** Whether `WebSocket`, which no worker sees, is put on the network, too. Default: true. */
  readonly webSocket?: boolean
}

const OPTIONS = ['url', 'paths', 'webSocket']

/**
 * Puts everything that this page asks of the network's hosts on the network: `fetch`, `XMLHttpRequest`, `EventSource`,
 * whatever a library does, and what the browser says of the device. For playing by hand and in real time; the page is
 * not changed and need not know. Resolves when the worker is in place, with what takes it back.
 *
 * What a worker cannot know: that the page has left a request, so that an abort is not in the log; and how the page made
 * it, so that all of them are `worker` there. Two streams of events at a time do not come in the same order in each run.
 *
 * @throws `bad-option` if the network was made without `hosts`, if it lives on a manual clock, or if the page comes from
 *   one of its hosts and `paths` are not given. Rejects with MSW's error if there is no worker at `url`.
 */
export async function installWorker(network: Network, options: InstallWorkerOptions = {}): Promise<Stop> {
  const { url = '/mockServiceWorker.js', paths, webSocket = true } = checked(network, options)
  const isOurs = (target: URL): boolean =>
    network.owns(target) &&
    (paths === undefined || paths.some((path) => matches({ path }, { ...ANY, url: target })))

  const worker = setupWorker(
    http.all('*', ({ request }) => {
      const target = new URL(request.url)
      return isOurs(target) ? answer(network, request, target) : passthrough()
    }),
  )
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass', serviceWorker: { url } })
  // Outside what MSW puts around WebSocket, whose sockets end otherwise than a browser's.
  const stops = [() => void worker.stop(), letThrough(), installDevice(network.device)]
  if (webSocket) stops.push(installClass('WebSocket', network.WebSocket, network))
  return () => {
    for (const one of stops.splice(0).reverse()) one()
  }
}

/** What a handler passes through goes to the real server, and must not meet the worker once more. */
function letThrough(): Stop {
  const { fetch } = globalThis
  return standIn(
    (input, init) => fetch(input, init),
    (input, init) => fetch(bypass(new Request(input, init))),
  )
}

/** What `only.path` is compared with, and the rest of it. */
const ANY = { method: 'GET', transport: 'http', direction: 'up' } as const

function checked(network: Network, options: InstallWorkerOptions): InstallWorkerOptions {
  checkKeys('installWorker', options, OPTIONS)
  checkRules('installWorker', options, {
    url: optional(text),
    paths: optional((option, given) => {
      if (!Array.isArray(given)) throw badOption(option, given, 'a list of paths such as "/api/*"')
      given.forEach((path, at) => text(`${option}[${at}]`, path))
    }),
    webSocket: optional(oneOf(true, false)),
  })
  if (isManualClock(network.clock)) {
    throw badOption('clock', 'a manual one', 'the real time: a worker does not wait for a clock')
  }
  if (network.owns(new URL('http://never-a-host.invalid'))) {
    throw badOption('hosts', 'not given', 'a list of hosts, before a worker can be installed')
  }
  const page = globalThis.location?.href
  if (page !== undefined && network.owns(new URL(page)) && options.paths === undefined) {
    throw badOption('paths', undefined, `a list such as ["/api/*"], because the page itself is of ${page}`)
  }
  return options
}

/** What the page gets for it. */
async function answer(network: Network, request: Request, url: URL): Promise<Response> {
  const { method, headers } = request
  const copy = () => request.clone()
  const exchange = network.send({ who: 'worker', method, url, headers, request: copy })
  try {
    const given = await exchange.result
    const stream = given.stream && toReadable(given.stream, exchange, toError)
    return toResponse(given, stream && isEventSource(request) ? endingWell(stream) : stream)
  } catch {
    return Response.error()
  }
}

/** An EventSource asks so, and a fetch only if somebody tells it to. */
const isEventSource = ({ cache, headers }: Request): boolean =>
  cache === 'no-store' && headers.get('Accept') === 'text/event-stream'

/**
 * A stream that ends where it would break off. An EventSource does the same on both, it dials again; but on one that a
 * worker breaks off Chromium 156 closes for good (measured).
 */
function endingWell(stream: ReadableStream): ReadableStream {
  const reader = stream.getReader()
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch(() => null)
      if (next === null || next.done) controller.close()
      else controller.enqueue(next.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

const toError = (): TypeError => new TypeError('network error')

function toResponse(answer: Answer, stream: ReadableStream | null): Response {
  const { status, statusText, headers, body } = answer
  // A redirect to another origin without its permission; none is followed here.
  if (isRedirect(answer)) return Response.error()
  return new Response(stream ?? body, { status, statusText, headers })
}
