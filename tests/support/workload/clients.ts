/** The clients of the workload that know of no kit: they ask, listen to a stream, and talk over a socket. */
import { sleep, type Clock } from '../../../src/core/clock.js'
import { BASE, HOST } from './server.js'

/** A stream or a socket that is silent for so long is given up (ms). */
const SILENT_MS = 2500
/** Then it is tried again after so long (ms). */
const AGAIN_MS = 600
/** A socket says something each so many ms. */
const SAY_MS = 400

/** What a client lives on. */
export interface World {
  /** The device's: it sleeps, freezes and jumps. */
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  readonly WebSocket: typeof globalThis.WebSocket
  /** Whether it is time to stop. */
  readonly isOver: () => boolean
  /** Today's token, and that of tomorrow. */
  readonly token: { value: number }
}

/** Asks again and again; whatever comes, the next question is asked after a pause. Minds what the server's clock says. */
export async function browse(world: World, everyMs: number): Promise<void> {
  const { clock, fetch, isOver, token } = world
  while (!isOver()) {
    const headers = { Authorization: `Bearer ${token.value}` }
    const answer = await withTimeout(clock, 3000, (signal) =>
      fetch(`${BASE}/orders`, { headers, signal }),
    ).catch(() => null)
    if (answer?.status === 401) token.value++
    const date = Date.parse(answer?.headers.get('Date') ?? '')
    const isAhead = date - clock.now() > 60_000
    await sleep(clock, isAhead ? everyMs / 2 : everyMs)
  }
}

async function withTimeout(
  clock: Clock,
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const controller = new AbortController()
  const cancel = clock.setTimeout(() => controller.abort(), timeoutMs)
  try {
    const answer = await ask(controller.signal)
    await answer.text()
    return answer
  } finally {
    cancel()
  }
}

/** Listens to a stream, and dials again from where it was when that ends or falls silent. */
export async function follow(world: World): Promise<void> {
  const seen = { id: '0' }
  while (!world.isOver()) {
    await listen(world, seen).catch(() => {})
    await sleep(world.clock, AGAIN_MS)
  }
}

async function listen({ clock, fetch, isOver, token }: World, seen: { id: string }): Promise<void> {
  const controller = new AbortController()
  let cancel = clock.setTimeout(() => controller.abort(), SILENT_MS)
  try {
    const headers = {
      ...{ Accept: 'text/event-stream', 'Last-Event-ID': seen.id },
      Authorization: `Bearer ${token.value}`,
    }
    const { body, status } = await fetch(`${BASE}/ticks`, { headers, signal: controller.signal })
    if (status === 401) token.value++
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    while (reader && !isOver()) {
      const { done, value = '' } = await reader.read()
      if (done) return
      seen.id = /id: (\d+)/.exec(value)?.[1] ?? seen.id
      cancel()
      cancel = clock.setTimeout(() => controller.abort(), SILENT_MS)
    }
  } finally {
    cancel()
    controller.abort()
  }
}

/** Talks over a socket, and dials again when that is closed or falls silent. */
export async function talk(world: World): Promise<void> {
  while (!world.isOver()) {
    await converse(world)
    await sleep(world.clock, AGAIN_MS)
  }
}

function converse({ clock, WebSocket, isOver, token }: World): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://${HOST}/chat`)
    let said = 0
    let stopSaying = (): void => {}
    const end = (): void => {
      stopSaying()
      stopListening()
      for (const name of ['onopen', 'onmessage', 'onclose'] as const) socket[name] = null
      socket.close()
      resolve()
    }
    let stopListening = clock.setTimeout(end, SILENT_MS)
    const say = (): void => {
      if (isOver()) return end()
      socket.send(`word ${++said}`)
      stopSaying = clock.setTimeout(say, SAY_MS)
    }
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'AUTH', token: String(token.value) }))
      say()
    }
    socket.onmessage = () => {
      stopListening()
      stopListening = clock.setTimeout(end, SILENT_MS)
    }
    socket.onclose = ({ code }) => {
      if (code === 4401 || code === 4402) token.value++
      end()
    }
  })
}
