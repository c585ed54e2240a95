/** Plain clients that listen: streams, sockets and polls, and how each of them ended. */
import { setTimeout as wait } from 'node:timers/promises'

/** How a listener ended. */
export interface Ending {
  readonly kind: 'stream' | 'socket' | 'poll'
  /** What it was told about coming back, in ms; null: nothing, which is wrong. */
  readonly retryAfterMs: number | null
  /** Empty: as promised. Else what was not. */
  readonly fault: string
}

/** So long may one take that has been told to end; beyond it hangs. */
const PATIENCE_MS = 60_000

const TOPIC = 'clock'

/** Opens so many of each kind; resolves when all are open, with what waits for their endings. */
export async function openListeners(
  origin: string,
  each: number,
): Promise<{ ended(): Promise<readonly Ending[]> }> {
  const open = [openStream, openSocket, openPoll] as const
  const endings = await Promise.all(open.flatMap((one) => Array.from({ length: each }, () => one(origin))))
  return { ended: () => withPatience(Promise.all(endings.map((ending) => ending()))) }
}

/** An answer that is no 200 is a fault of its own: a missing route must not look like a quiet one. */
async function openStream(origin: string): Promise<() => Promise<Ending>> {
  const answer = await fetch(`${origin}/sse?topics=${TOPIC}`)
  if (answer.status !== 200) throw new Error(`/sse answered ${answer.status}`)
  const text = answer.text()
  return async () => {
    const said = await text.catch(() => null)
    const retryAfterMs = Number(/retry: (\d+)\n\n$/.exec(said ?? '')?.[1] ?? NaN)
    const fault = said === null ? 'cut' : Number.isNaN(retryAfterMs) ? 'no last retry:' : ''
    return { kind: 'stream', retryAfterMs: fault ? null : retryAfterMs, fault }
  }
}

async function openSocket(origin: string): Promise<() => Promise<Ending>> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`)
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('/ws was not opened')))
  })
  return async () => {
    const { code, reason, wasClean } = await closed
    const fault = code === 1012 && wasClean ? '' : `closed ${code}, ${wasClean ? 'clean' : 'not clean'}`
    return { kind: 'socket', retryAfterMs: fault ? null : retryAfterOf(reason), fault }
  }
}

async function openPoll(origin: string): Promise<() => Promise<Ending>> {
  // The first is answered at once, with the cursor; of a quiet topic the next one is held.
  const poll = async (cursor: string) => {
    const answer = await fetch(`${origin}/poll?topics=chat${cursor}`)
    if (answer.status !== 200) throw new Error(`/poll answered ${answer.status}`)
    return answer.text()
  }
  const { cursor } = JSON.parse(await poll('')) as { cursor: string }
  const held = poll(`&cursor=${encodeURIComponent(cursor)}`).catch(String)
  return async () => {
    const text = await held
    const told = /"DRAIN","retryAfterMs":(\d+)/.exec(text)?.[1]
    return {
      kind: 'poll',
      retryAfterMs: told === undefined ? null : Number(told),
      fault: told === undefined ? `not told: ${text.slice(0, 80)}` : '',
    }
  }
}

function retryAfterOf(reason: string): number | null {
  try {
    const { retryAfterMs } = JSON.parse(reason) as { retryAfterMs?: unknown }
    return typeof retryAfterMs === 'number' ? retryAfterMs : null
  } catch {
    return null
  }
}

/** The endings, or an error when one hangs. */
const withPatience = <T>(endings: Promise<T>): Promise<T> =>
  Promise.race([
    endings,
    wait(PATIENCE_MS, null, { ref: false }).then(() => {
      throw new Error(`A listener had not ended after ${PATIENCE_MS} ms`)
    }),
  ])
