/** One turn of the event loop, as short as the engine allows and not throttled in hidden tabs. */

/** Node's own; in a page it is missing, and a message is the shortest turn there. */
const immediate: ((run: () => void) => unknown) | undefined = Reflect.get(globalThis, 'setImmediate')

/** Resolves in the next macrotask. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) return void immediate(resolve)
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
