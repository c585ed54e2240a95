/** The requests of this small world: each makes a connection of its own, and the server knows health alone. */
import { reach, type Mode } from './reach.js'

/** What a fetch of this world needs. */
export interface RequestPorts {
  mode(): Mode
  /** One has begun. */
  begun(): void
}

const answerTo = (url: string) =>
  url.endsWith('/health')
    ? new Response(null, { status: 204, headers: { Holdfast: '1' } })
    : new Response(null, { status: 404 })

/** Makes one, to be the global. */
export function createFetch({ mode, begun }: RequestPorts): typeof fetch {
  return (input, { signal } = {}) =>
    new Promise((resolve, reject) => {
      begun()
      let timers: ReturnType<typeof setTimeout>[] = []
      const forget = () => {
        timers.forEach(clearTimeout)
        timers = []
      }
      const end = (settle: () => void) => {
        forget()
        signal?.removeEventListener('abort', abort)
        settle()
      }
      const abort = () => end(() => reject(signal!.reason as Error))
      signal?.addEventListener('abort', abort)
      reach({
        mode,
        forget,
        later: (afterMs, run) => void timers.push(setTimeout(run, afterMs)),
        reached: () => end(() => resolve(answerTo(String(input)))),
        failed: () => end(() => reject(new TypeError('Failed to fetch'))),
      })
    })
}
