/** Clients that ask the server so many times a second, whatever it answers, and remember what became of it. */
import { Agent } from 'node:http'
import axios from 'axios'
import type { OutcomeClass } from '../../../src/core/outcome.js'
import { classify } from '../../../src/http/classify.js'

/** One request. */
export interface Asked {
  readonly what: string
  readonly beganAt: number
  readonly endedAt: number
  /** As the kit sees it. */
  readonly outcome: OutcomeClass
  readonly status: number | undefined
}

/** Traffic under way. */
export interface Traffic {
  /** Sends no more; resolves with all that were sent, once each has ended. */
  stop(): Promise<readonly Asked[]>
}

/** Quick ones, one that asks the service behind, writes, and slow ones: some of these are always under way. */
const MIX = [
  ['POST', '/slow?ms=1500'],
  ['POST', '/orders'],
  ['GET', '/quote?item=tea'],
  ['GET', '/orders'],
  ['POST', '/slow?ms=700'],
] as const

/** Asks once; never rejects. */
export async function askOnce(
  origin: string,
  method: string,
  path: string,
  httpAgent?: Agent,
): Promise<Asked> {
  const beganAt = Date.now()
  const data = method === 'POST' ? { item: 'tea', qty: 1 } : undefined
  const ask = (): Promise<unknown> =>
    axios
      .request({ url: origin + path, method, data, maxRedirects: 0, ...(httpAgent && { httpAgent }) })
      .catch((error: unknown) => (wasClosedUnderIt(error) ? ask() : error))
  const { class: outcome, status } = classify(await ask())
  return { what: `${method} ${path}`, beganAt, endedAt: Date.now(), outcome, status }
}

/**
 * Any end of a kept connection can cross a request on its way (RFC 9112, 9.3.1). Browsers then send it again by
 * themselves, on a new connection; Node leaves it to us.
 */
function wasClosedUnderIt(error: unknown): boolean {
  const { code, request } = error as { code?: string; request?: { reusedSocket?: boolean } }
  return request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE')
}

/** Starts it, over kept connections as a real client has them. */
export function startTraffic(origin: string, perSecond: number): Traffic {
  const agent = new Agent({ keepAlive: true })
  const asked: Promise<Asked>[] = []
  const timer = setInterval(() => {
    const [method, path] = MIX[asked.length % MIX.length]!
    asked.push(askOnce(origin, method, path, agent))
  }, 1000 / perSecond)
  return {
    async stop() {
      clearInterval(timer)
      const all = await Promise.all(asked)
      agent.destroy()
      return all
    },
  }
}
