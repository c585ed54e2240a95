/** `holdfast/vue`: adapters, and nothing that decides. */
export { createHoldfast, provideHoldfast } from './plugin.js'
export {
  createContext,
  holdfastKey,
  useHoldfast,
  type ContextOption,
  type HoldfastContext,
  type HoldfastOptions,
} from './context.js'
export type { Surfaces, Voice } from './surfaces.js'
export { useConnection, type UseConnectionReturn } from './use-connection.js'
export { useStatus, type UseStatusReturn } from './use-status.js'
export {
  useCountdown,
  useRetryCountdown,
  type UseCountdownReturn,
  type UseRetryCountdownReturn,
} from './use-countdown.js'
export { useQueue, type UseQueueReturn } from './use-queue.js'
export type { QueuePort } from './queue-port.js'
export type { Note } from '../status/notes.js'
