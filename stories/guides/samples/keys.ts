/** Step 2 at the back end: what comes twice under one key is done once. */

export interface Answer {
  readonly status: number
  readonly body: string
}

/** A table of your database, with one row per user and key, kept for 24 h. */
export interface Answers {
  find(user: string, key: string): { readonly request: string; readonly answer: Answer | null } | undefined
  /** Stored before the work begins, and in the same transaction as what the work changes. */
  put(user: string, key: string, row: { request: string; answer: Answer | null }): void
  remove(user: string, key: string): void
}

export interface Keyed extends Answer {
  readonly headers: Readonly<Record<string, string>>
}

/** @param request the body as it came: another one under the same key is a mistake of the client */
export function once(
  answers: Answers,
  user: string,
  key: string,
  request: string,
  work: () => Answer,
): Keyed {
  const before = answers.find(user, key)
  if (before && before.request !== request) return { status: 422, body: 'key-reused', headers: {} }
  if (before?.answer) return { ...before.answer, headers: { 'Idempotent-Replayed': 'true' } }
  if (before) return { status: 409, body: 'idempotency-in-flight', headers: { 'Retry-After': '1' } }
  answers.put(user, key, { request, answer: null })
  const answer = work()
  // A refusal has changed nothing: the next attempt is a new one.
  if (answer.status < 300) answers.put(user, key, { request, answer })
  else answers.remove(user, key)
  return { ...answer, headers: {} }
}
