/** How deep JSON text is nested, told before it is parsed. */

/** Deeper nesting is refused: whoever walks it, here or at a listener, would run out of stack. */
export const DEEPEST = 32

/** Whether brackets are nested deeper than that; those in strings do not count. One pass, also over text that is no JSON. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '[' || char === '{') {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (char === ']' || char === '}') depth -= 1
  }
  return false
}
