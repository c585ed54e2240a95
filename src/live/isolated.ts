/**
 * Calls what somebody else wrote, and hands on what it returns; an error is heard all the same, as one that nobody has
 * caught, and undefined is returned.
 */
export function isolated<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    void Promise.reject(error)
    return undefined
  }
}
