/** A story begins anew each time that it is looked at: nothing of an earlier look is there, and nothing is missed. */
import { DESK_SCOPE } from './desk.js'

/** Lets go of a desk's database, and of what the queue remembers of it outside (`witness.ts`), or it would be a loss. */
export function forget(name: string): Promise<void> {
  try {
    localStorage.removeItem(`holdfast:${name}:${DESK_SCOPE}`)
  } catch {
    // Where nothing may be remembered, nothing is.
  }
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = request.onerror = request.onblocked = () => resolve()
  })
}
