/** A server that honours keys and keeps its book, and the way to it: requests that are out, lost or late. */
import type { Sending } from '../../../src/queue/index.js'
import { statusError } from '../rig.js'

/** Whoever may be signed in. */
export type User = 'ann' | 'bob'

/** What is written: `n` names the write, `value` grows with each edit. */
export interface Written {
  readonly n: number
  readonly value: number
  readonly lane: string
  readonly owner: User
  /** The writes that have to be confirmed before. */
  readonly after: readonly number[]
}

/** A write, when it was sent for the first time. */
export interface FirstSent extends Written {
  /** What was not applied by then, of what it had to follow. */
  readonly early: readonly number[]
}

/** What the server, or the way to it, does with one request. */
export const ANSWERS = ['ok', 'twice', 'answer lost', 'lost', 400, 412, 429, 503, 500] as const
export type AnswerKind = (typeof ANSWERS)[number]

/** A request that is out. */
export interface Call extends Written {
  readonly key: string
  readonly isKeyed: boolean
  answer(how: AnswerKind): void
}

export function createServer() {
  const effects = new Map<number, number>()
  const applied = new Map<string, number>()
  const bytes = new Map<string, string>()
  const sends: FirstSent[] = []
  const out: Call[] = []
  const late: Call[] = []
  const faults: string[] = []
  let user: User = 'ann'

  const process = ({ n, value, key, isKeyed }: Call) => {
    if (isKeyed && applied.has(key)) return
    applied.set(key, value)
    effects.set(n, (effects.get(n) ?? 0) + 1)
  }

  const check = (call: Call) => {
    const { n, lane, owner, key } = call
    const body = JSON.stringify([n, call.value, lane, owner])
    if (owner !== user) faults.push(`${n} of ${owner} was sent as ${user}`)
    if (out.some((other) => other.lane === lane)) faults.push(`two in flight in ${lane}`)
    if ((bytes.get(key) ?? body) !== body) faults.push(`the bytes of ${key} have changed`)
    bytes.set(key, body)
    if (sends.some((sent) => sent.n === n)) return
    sends.push({ ...call, early: call.after.filter((other) => !effects.has(other)) })
  }

  /** A handler: the page hands over, and waits for its answer. */
  const receive = (isKeyed: boolean) => (sending: Sending) =>
    new Promise((resolve, reject) => {
      const { key, signal } = sending
      const call: Call = {
        ...(sending.payload as Written),
        key,
        isKeyed,
        answer(how) {
          out.splice(out.indexOf(call), 1)
          if (how === 'ok' || how === 'twice' || how === 'answer lost') process(call)
          // The browser itself has sent it again.
          if (how === 'twice' && isKeyed) process(call)
          const isKnown = isKeyed && applied.has(key)
          if (how === 'answer lost' || how === 'lost') return reject(new TypeError('Failed to fetch'))
          // What was refused is not still on its way.
          for (const one of late.filter(({ n }) => n === call.n)) late.splice(late.indexOf(one), 1)
          if (typeof how === 'string' || isKnown) return resolve(call.n)
          reject(statusError(how, how === 429 ? { 'retry-after': '2' } : {}))
        },
      }
      check(call)
      out.push(call)
      signal.addEventListener('abort', () => {
        if (!out.includes(call)) return
        out.splice(out.indexOf(call), 1)
        late.push(call)
      })
    })

  return {
    /** How often each write was applied. */
    effects,
    /** Each write, when it was sent for the first time. */
    sends,
    /** Requests that somebody waits for. */
    out,
    /** Requests that nobody waits for any more, and that may still arrive. */
    late,
    /** What must never happen, and did. */
    faults,
    receive,
    signIn: (who: User) => void (user = who),
    deliverLate: () => late.splice(0).forEach(process),
  }
}
