/** Asks the browser, once, not to clear what is kept here by itself. */

/** Knows whether it was asked. */
export interface Persistence {
  /** Something was kept. Asks when the person has done something on the page before; never waits for the answer. */
  ask(): void
}

/** Not asked yet. */
export function createPersistence(): Persistence {
  let isAsked = false
  return {
    ask() {
      if (isAsked || typeof navigator === 'undefined' || !navigator.storage?.persist) return
      // Some browsers show a prompt: it must come after something that the person did (Safari before 16.4 cannot say).
      if (navigator.userActivation?.hasBeenActive === false) return
      isAsked = true
      // A refusal changes nothing: what is kept may be cleared when the device runs out of room.
      navigator.storage.persist().catch(() => {})
    },
  }
}
