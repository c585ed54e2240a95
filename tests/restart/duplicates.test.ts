/**
 * Many keys, each sent several times at once with one body and once with another one: 1,000 of them, and 10,000
 * in the soak.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { startApi } from '../support/api-process.js'
import { type Told, placeOrder } from './campaign/ask.js'
import { ledger } from './desk-run.js'

const KEYS = import.meta.env.MODE === 'soak' ? 10_000 : 1_000
/** Keys that are at work at the same time. */
const AT_ONCE = 40
/** Two of four come at the same time, two within so many ms. */
const LATE_MS = 60
/** How long one key may take, in ms, on a busy machine. */
const KEY_WITHIN_MS = 100

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** What an answer says of its request. */
type Verdict = 'applied' | 'replayed' | 'in flight' | 'other body' | `unexpected ${string}`

function verdictOf({ status, headers, body }: Told): Verdict {
  if (status === 201) return headers['idempotent-replayed'] === 'true' ? 'replayed' : 'applied'
  const { type } = JSON.parse(body) as { type?: string }
  if (status === 409 && type === 'idempotency-in-flight' && headers['retry-after'] === '1') return 'in flight'
  if (status === 422 && type === 'key-reused') return 'other body'
  return `unexpected ${status} ${body}`
}

/** Does it for 0 to `most` - 1, so many at a time. */
async function inTurn(most: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < most) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

test(
  `I01 ux-42 ${KEYS} keys, each sent at once by several: one effect each, and each answer says what became of its request`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const settings = { port: 0, db: join(folder, 'orders.db'), 'work-ms': 2, 'deadline-ms': 60_000 }
    const api = await startApi(settings)
    const agent = new Agent({ keepAlive: true, maxSockets: 256 })
    stops.push(api.stop, () => agent.destroy())
    const random = seededRandom(10_000)
    const counts = new Map<Verdict, number>()
    const faults: string[] = []
    /** Of each key: the item applied, and how often its answer was replayed. */
    const expected = new Map<string, { item: string; replays: number }>()

    async function duplicate(n: number) {
      const key = `key-${n}`
      const send = async (item: string, lateMs = 0) => {
        if (lateMs > 0) await wait(lateMs)
        const told = await placeOrder({ agent, origin: api.origin }, key, { item, qty: 1, seq: n })
        const verdict = verdictOf(told)
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
        return { item, verdict, body: told.body }
      }
      const items = ['tea', 'tea', 'tea', 'tea']
      items[Math.floor(items.length * random.next())] = 'cake'
      const answers = await Promise.all(
        items.map((item, place) => send(item, place < 2 ? 0 : LATE_MS * random.next())),
      )
      const first = answers.find(({ verdict }) => verdict === 'applied')
      // Whoever comes later, while nothing is at work.
      for (const item of ['tea', 'cake']) answers.push(await send(item))
      const late = answers.slice(-2)

      const isRight = (answer: (typeof answers)[number]) => {
        if (answer === first) return true
        if (answer.item !== first?.item) return answer.verdict === 'other body'
        if (answer.verdict === 'in flight') return !late.includes(answer)
        return answer.verdict === 'replayed' && answer.body === first.body
      }
      const wrong = answers.filter((answer) => !isRight(answer))
      if (wrong.length > 0) faults.push(`${key}: ${JSON.stringify(answers)}`)
      const replays = answers.filter(({ verdict }) => verdict === 'replayed').length
      expected.set(key, { item: first?.item ?? 'none', replays })
    }

    const beganAt = performance.now()
    await inTurn(KEYS, AT_ONCE, duplicate)
    const tookS = (performance.now() - beganAt) / 1000
    const told = [...counts].map(([verdict, times]) => `${times} ${verdict}`).join(', ')
    console.log(`${KEYS} keys in ${tookS.toFixed(1)} s: ${told}`)

    expect(faults.slice(0, 5)).toEqual([])
    const entries = await ledger(api.port)
    expect(entries).toHaveLength(KEYS)
    expect(new Map(entries.map(({ key, item, replays }) => [key, { item, replays }]))).toEqual(expected)
    for (const verdict of ['applied', 'replayed', 'in flight', 'other body'] as const)
      expect([verdict, counts.get(verdict) ?? 0]).not.toEqual([verdict, 0])
  },
  60_000 + KEYS * KEY_WITHIN_MS,
)
