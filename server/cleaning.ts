/** What has expired is deleted also while nobody asks for anything. */
import type { FastifyInstance } from 'fastify'
import type { Time } from './time.ts'

/** How often, in ms. What has expired is without effect also before it is deleted. */
export const CLEANING_MS = 600_000

/** What is cleaned. */
export interface CleaningOptions {
  readonly kept: readonly { forgetExpired(): void }[]
  readonly time: Time
  /** Told of a cleaning that failed; the next one tries again. */
  readonly onFailure: (error: unknown) => void
}

/** Cleans until the app closes. */
export function keepClean(app: FastifyInstance, { kept, time, onFailure }: CleaningOptions): void {
  const stop = time.every(CLEANING_MS, () => {
    try {
      for (const each of kept) each.forgetExpired()
    } catch (error) {
      onFailure(error)
    }
  })
  app.addHook('onClose', async () => stop())
}
