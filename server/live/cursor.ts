/** Cursors: `<epoch>:<offset>`, the place of the last event that a client has seen. Opaque to clients. */

/** A place in a log. */
export interface Place {
  readonly epoch: string
  readonly offset: number
}

/** Longer is no cursor of ours. */
const LONGEST = 64

/** Writes it as text. */
export const cursorText = ({ epoch, offset }: Place): string => `${epoch}:${offset}`

/** Reads it; null if it is none that this server can have given: such a client starts anew, and is told. */
export function readCursor(text: string): Place | null {
  if (text.length > LONGEST) return null
  const [, epoch, digits] = /^([\da-z]{1,32}):(0|[1-9]\d{0,15})$/.exec(text) ?? []
  const offset = Number(digits)
  return epoch !== undefined && Number.isSafeInteger(offset) ? { epoch, offset } : null
}
