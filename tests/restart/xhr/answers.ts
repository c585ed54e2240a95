/** What the service of this page answers, really and simulated. */

/** One answer. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null: none. */
  readonly body: readonly number[] | null
}

const text = (status: number, type: string, body: string): PlainAnswer => ({
  ...{ status, headers: { 'Content-Type': type } },
  body: [...new TextEncoder().encode(body)],
})

/** What comes piece by piece, a while apart; the second may be the last that comes of more. */
export const PIECES = ['one ', 'two ']

/** By path. */
export const answers: Readonly<Record<string, PlainAnswer>> = {
  '/text': text(200, 'text/plain', 'some text'),
  '/json': text(200, 'application/json', '{"orders":[]}'),
  '/xml': text(200, 'application/xml', '<a>b</a>'),
  '/html': text(200, 'text/html; charset=utf-8', '<title>T</title>'),
  '/missing': text(404, 'application/problem+json', '{}'),
  '/empty': text(200, 'text/plain', ''),
  '/none': { status: 204, headers: {}, body: null },
  // "ä", in Latin-1.
  '/latin': { status: 200, headers: { 'Content-Type': 'text/plain; charset=iso-8859-1' }, body: [228] },
  '/headers': {
    ...{ status: 200, body: null },
    headers: { 'Content-Type': 'text/plain', 'X-Said': 'yes', 'X-Two': 'c', 'Set-Cookie': 'a=b' },
  },
}
