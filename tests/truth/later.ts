/** Promises that are kept by somebody else. */

/** A promise that is kept from elsewhere. */
export function later<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((...settlers) => ([resolve, reject] = settlers))
  promise.catch(() => {})
  return { promise, resolve, reject }
}
