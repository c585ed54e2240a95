/** Calls what somebody else wrote; an error is heard all the same, as one that nobody has caught. */
export function isolated(call: () => void): void {
  try {
    call()
  } catch (error) {
    void Promise.reject(error)
  }
}
