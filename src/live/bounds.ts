/** How much is taken of what a peer sends: memory is bounded whatever it does (docs/spec/reliability.md, I35). */

/** The largest message taken where nobody said otherwise: 1 MiB, 16 times what the reference server takes. */
export const MESSAGE_BYTES = 2 ** 20

/** The most bytes that may be set as a bound: 1 GiB, beyond which no engine has strings. */
export const MOST_BYTES = 2 ** 30

/** Longer cursors are nobody's; the reference server takes as many characters. */
const LONGEST_CURSOR = 256

/** Whether it may be kept as a cursor, and be sent in a header: bounded, without NUL, CR or LF. Otherwise opaque. */
export const isCursor = (id: string): boolean =>
  id.length <= LONGEST_CURSOR && ![...'\0\r\n'].some((bad) => id.includes(bad))

/** Whether a text is larger in UTF-8. Looks at its bytes only where its length leaves it open. */
export const isLarger = (text: string, maxBytes: number): boolean =>
  text.length > maxBytes ||
  (text.length * 3 > maxBytes && new TextEncoder().encode(text).byteLength > maxBytes)

/**
 * Reads a body to its end.
 *
 * @param signal lets go of it, also where a fetch that was handed in does not hear it
 * @param onPiece called with each piece
 * @returns its text (of what was let go: what had come); null: it was larger, and the rest is not read
 * @throws what the body breaks off with
 */
export async function readText(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal?: AbortSignal,
  onPiece: () => void = () => {},
): Promise<string | null> {
  const reader = body.getReader()
  const letGo = (): void => void reader.cancel().catch(() => {})
  if (signal?.aborted) letGo()
  signal?.addEventListener('abort', letGo)
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let bytes = 0; ;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      onPiece()
      bytes += value.byteLength
      if (bytes > maxBytes) {
        letGo()
        return null
      }
      text += decoder.decode(value, { stream: true })
    }
  } finally {
    signal?.removeEventListener('abort', letGo)
  }
}
