/** A client that writes one order after the other, each under one key until it is acknowledged. */
import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../../../src/core/clock.js'
import { placeOrder } from './ask.js'

/** A write that was answered with 201. */
export interface Acknowledged {
  readonly key: string
  /** Its place in the ledger, as the answer had it. */
  readonly position: number
  /** Whether the answer came from the store: an earlier attempt had been applied, unheard. */
  readonly isReplayed: boolean
}

/** A client that writes. */
export interface Writer {
  readonly name: string
  readonly acknowledged: readonly Acknowledged[]
  /** Attempts without an answer, and those answered with 409, 503 or 504: each was repeated. */
  readonly repeated: () => number
  /** Answers that it should never get. */
  readonly unexpected: readonly string[]
  /** Begins no further write; resolves when the one under way is acknowledged. */
  stop(): Promise<void>
}

/** Options of a writer. */
export interface WriterOptions {
  readonly origin: string
  readonly name: string
  readonly random: Random
  /** The longest pause between two writes, in ms. */
  readonly pauseMs: number
  /**
   * After so many ms it repeats a write that is not answered yet; a little later each time, so that a slow server
   * is not asked for ever. Infinity: it waits for an end of the connection.
   */
  readonly patienceMs: number
}

/** While the server is down. */
const AGAIN_MS = 40
const REPEATED: ReadonlySet<number> = new Set([409, 503, 504])

/** Starts it. */
export function startWriter({ origin, name, random, pauseMs, patienceMs }: WriterOptions): Writer {
  const agent = new Agent({ keepAlive: true })
  const acknowledged: Acknowledged[] = []
  const unexpected: string[] = []
  let state: 'writing' | 'stopping' = 'writing'
  let repeated = 0

  /** Whether this write is over. */
  async function attempt(seq: number, patienceMs: number): Promise<boolean> {
    const key = `${name}-${seq}`
    const signal = patienceMs === Infinity ? undefined : AbortSignal.timeout(patienceMs)
    try {
      const order = { item: name, qty: 1, seq }
      const { status, headers, body } = await placeOrder(
        { agent, origin, ...(signal && { signal }) },
        key,
        order,
      )
      if (REPEATED.has(status)) return false
      if (status === 201) {
        const { position } = JSON.parse(body) as { position: number }
        acknowledged.push({ key, position, isReplayed: headers['idempotent-replayed'] === 'true' })
      } else unexpected.push(`${key}: ${status} ${body}`)
      return true
    } catch {
      return false
    }
  }

  async function write() {
    for (let seq = 1; state === 'writing'; seq += 1) {
      for (let tries = 1; !(await attempt(seq, patienceMs * tries)); tries += 1) {
        repeated += 1
        await wait(AGAIN_MS)
      }
      await wait(pauseMs * random.next())
    }
    agent.destroy()
  }

  const written = write()
  return {
    name,
    acknowledged,
    repeated: () => repeated,
    unexpected,
    stop() {
      state = 'stopping'
      return written
    },
  }
}
