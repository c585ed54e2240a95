/** Requests that ended without an answer, as installers hear of them. */
import type { RequestEnd } from './log.js'

/** Why no answer came. Each installer makes of it what a browser would. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly end: RequestEnd

  constructor(end: RequestEnd) {
    super(`No answer: ${end}`)
    this.end = end
  }
}

/** Whether a request that ends so was ended by its caller. */
export const isCallers = (end: RequestEnd): boolean => end === 'aborted' || end === 'timeout'

/** Whether it was the caller who ended what failed for this reason. */
export function byCaller(reason: unknown): boolean {
  return reason instanceof NoAnswer && isCallers(reason.end)
}
