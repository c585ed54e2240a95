/** `holdfast/simulator/node`: the network in place of Node's own, for tests of code that knows nothing of it. */
import { ClientRequestInterceptor } from '@mswjs/interceptors/ClientRequest'
import { badOption } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { toReadable } from './fetch.js'
import type { RequestEnd } from './log.js'
import type { Network } from './network.js'
import { NoAnswer } from './no-answer.js'
import { replaceFetch } from './real-fetch.js'

/** What Node says where no answer comes: kits and libraries read these codes. */
const CODES: { readonly [E in RequestEnd]?: readonly [code: string, message: string] } = {
  refused: ['ECONNREFUSED', 'connect ECONNREFUSED'],
  offline: ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN'],
  'unknown-host': ['ENOTFOUND', 'getaddrinfo ENOTFOUND'],
  'gave-up': ['ETIMEDOUT', 'connect ETIMEDOUT'],
  reset: ['ECONNRESET', 'socket hang up'],
  truncated: ['ECONNRESET', 'aborted'],
}

/**
 * Puts `fetch` and `node:http` (and with it axios, got, node-fetch) of this process on the network, for the hosts that
 * are the network's; everything else passes untouched. Errors have the codes that Node gives them, so that what was never
 * sent can be told from what may have been done. Returns what takes it back; one network a process.
 *
 * A request through `node:http` takes real time to reach the network and to come back: give the clock of such a network
 * time to move by waiting for the answer beside `advance`, or leave it in real time. `fetch` is exact.
 *
 * @throws `bad-option` if the network was made without `hosts`: whatever the test itself asks would be caught.
 */
export function installNode(network: Network): Stop {
  if (network.owns(new URL('http://never-a-host.invalid'))) {
    throw badOption('hosts', 'not given', 'a list of hosts, before a process can be installed')
  }
  const stops = [installFetch(network), installHttp(network)]
  return () => {
    for (const stop of stops.splice(0).reverse()) stop()
  }
}

/** An error as Node's own. */
function errorOf(end: RequestEnd, host: string): NodeJS.ErrnoException {
  const [code, message] = CODES[end] ?? ['ECONNRESET', 'socket hang up']
  return Object.assign(new Error(`${message} ${host}`), { code })
}

function installFetch(network: Network): Stop {
  const send: typeof fetch = async (input, init) => {
    try {
      return await network.fetch(input, init)
    } catch (error) {
      const why: unknown = error instanceof TypeError ? error.cause : null
      if (!(why instanceof NoAnswer)) throw error
      const { host } = new URL(input instanceof Request ? input.url : input)
      throw new TypeError('fetch failed', { cause: errorOf(why.end, host) })
    }
  }
  return replaceFetch(network.owns, send, undefined)
}

function installHttp(network: Network): Stop {
  const interceptor = new ClientRequestInterceptor()
  interceptor.on('request', async ({ request, controller }) => {
    const url = new URL(request.url)
    if (!network.owns(url)) return
    const { method, headers, signal } = request
    // Node sends nothing again by itself.
    const exchange = network.send({
      who: 'node',
      method,
      url,
      headers,
      request: () => request.clone(),
      isStream: true,
    })
    const onAbort = () => exchange.fail('aborted')
    signal.addEventListener('abort', onAbort, { once: true })
    exchange.whenOver(() => signal.removeEventListener('abort', onAbort))
    try {
      const { status, statusText, headers, body, stream } = await exchange.result
      const toError = (end: RequestEnd) => errorOf(end, url.host)
      const content = stream ? toReadable(stream, exchange, toError) : body
      controller.respondWith(new Response(content, { status, statusText, headers }))
    } catch (error) {
      const end = error instanceof NoAnswer ? error.end : 'reset'
      if (end !== 'aborted') controller.errorWith(errorOf(end, url.host))
    }
  })
  interceptor.apply()
  return () => interceptor.dispose()
}
