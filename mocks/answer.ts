/** Answers, as they come back to the application. */
import type { RequestEnd } from './log.js'

/** What bodies are made of. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Whoever reads a body that comes piece by piece. */
export interface Receiver {
  chunk(bytes: Bytes): void
  /** It was complete. */
  end(): void
  /** It was not. */
  fail(end: RequestEnd): void
}

/** Who reads nothing. */
export const nobody: Receiver = { chunk: () => {}, end: () => {}, fail: () => {} }

/** An answer without its body. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly url: string
}

/** What came back. */
export interface Answer extends Head {
  /** The whole of it. Null: the status has no body, the handler gave none, or it is still coming. */
  readonly body: Bytes | null
  /** Null: nothing is coming. Called once, in the breath in which the answer is there. */
  readonly stream: ((receiver: Receiver) => void) | null
}

/** Whether an answer sends the browser elsewhere. */
export function isRedirect({ status, headers }: Pick<Head, 'status' | 'headers'>): boolean {
  return status >= 300 && status < 400 && headers.has('Location')
}
