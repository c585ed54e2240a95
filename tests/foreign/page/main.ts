/** Does the same with the browser's own sockets and with the kit's. A test calls it. */
import { ReconnectingWebSocket } from '../../../src/live/reconnecting-websocket.js'
import { closing } from './closing.js'
import { handshakes, making } from './making.js'
import { speaking } from './speaking.js'
import { createScene, type Class, type Case } from './watch.js'

const cases: Readonly<Record<string, Case>> = Object.fromEntries(
  Object.entries({ making, handshakes, speaking, closing }).flatMap(([group, all]) =>
    Object.entries(all).map(([name, one]) => [`${group}: ${name}`, one]),
  ),
)

/** Whose sockets. */
const classes = {
  own: WebSocket,
  kit: ReconnectingWebSocket.with({ maxRetries: 0, maxEnqueuedMessages: 0 }) as unknown as Class,
}

const LIMIT_MS = 8_000

async function doIt(name: string, whose: keyof typeof classes, base: string): Promise<string[]> {
  const lines: string[] = []
  const scene = createScene(classes[whose], base, lines)
  const late = new Promise((resolve) => setTimeout(resolve, LIMIT_MS, 'late'))
  const done = (async () => void (await cases[name]!(scene)))().catch((error: unknown) => String(error))
  const end = await Promise.race([done, late])
  return end === undefined ? lines : [...lines, `ended with ${String(end)}`]
}

const foreign = { names: Object.keys(cases), doIt }

declare global {
  interface Window {
    /** What a test drives the page by. */
    foreign: typeof foreign
  }
}
window.foreign = foreign
