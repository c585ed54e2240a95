/** Walks through payloads that were taken over: plain data, of bounded depth. Pure. */

/**
 * A copy of lists and plain objects in which each other thing is what `map` makes of it. `whole`: what takes the
 * place of a plain object; undefined: it is walked through.
 */
export function mapPayload(
  value: unknown,
  map: (leaf: unknown) => unknown,
  whole: (value: object) => unknown = () => undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapPayload(item, map, whole))
  if (Object.prototype.toString.call(value) !== '[object Object]') return map(value)
  const object = value as object
  const walk = () => Object.entries(object).map(([name, item]) => [name, mapPayload(item, map, whole)])
  return whole(object) ?? Object.fromEntries(walk())
}

/** A copy in which each text is what `replace` makes of it. */
export function replaceTexts(value: unknown, replace: (text: string) => unknown): unknown {
  return mapPayload(value, (leaf) => (typeof leaf === 'string' ? replace(leaf) : leaf))
}

/** All texts in it. */
export function textsOf(value: unknown): readonly string[] {
  const texts: string[] = []
  replaceTexts(value, (text) => texts.push(text))
  return texts
}
