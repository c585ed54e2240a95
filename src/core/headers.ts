/** Reading an answer's headers without allocating: this runs on every answer. */

/**
 * The value of a header; undefined if it is absent. axios' own adapters write names in lower case, others may
 * not, so that a miss looks again. Takes the `Headers` of fetch too, of whichever implementation.
 */
export function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const fields = headers as Readonly<Record<string, unknown>>
  const direct = fields[name]
  if (typeof direct === 'string') return direct
  if (isOfFetch(headers)) return headers.get(name) ?? undefined
  for (const field in fields) {
    if (field.length === name.length && field.toLowerCase() === name) {
      const value = fields[field]
      return value === undefined || value === null ? undefined : String(value)
    }
  }
  return undefined
}

/** axios' headers have a `get` as well, which allocates; they have no `append`. */
const isOfFetch = (headers: object): headers is Headers =>
  typeof (headers as { append?: unknown }).append === 'function'
