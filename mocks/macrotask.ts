/** One turn of the event loop, as short as the engine allows and not throttled in hidden tabs. */

/** Node's own; in a page it is missing, and a message is the shortest turn there. */
const immediate: ((run: () => void) => unknown) | undefined = Reflect.get(globalThis, 'setImmediate')

/** Messages to nobody, one a turn: making a channel for each would take longer than the turn itself. */
interface Turns {
  /** Who waits for the next one, first come, first served. */
  readonly waiting: (() => void)[]
  post(): void
}

function openTurns(): Turns {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return { waiting, post: () => port2.postMessage(null) }
}

let turns: Turns | null = null

/** Resolves in the next macrotask. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) return void immediate(resolve)
    turns ??= openTurns()
    turns.waiting.push(resolve)
    turns.post()
  })
}
