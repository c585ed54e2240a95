/**
 * A text for a live region that says `before`. The same words twice would be no change, and emptying it in between is
 * seen by nobody, because both happen before anything is laid out: a space at the end, which is not spoken, is one.
 */
export const anew = (before: string, text: string): string => (text === before ? `${text}\u00a0` : text)
