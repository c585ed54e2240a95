/**
 * What a handler makes of a text, without asking the engine for it. MSW asks a Blob how many bytes a text has, and in a
 * page each Blob is a message to another process: more than a third of all the time that a request took there. To read
 * the body again takes turns of the event loop as well.
 */
import { HttpResponse } from 'msw'
import type { Bytes } from './answer.js'

type Init = Parameters<typeof HttpResponse.text>[1]

const made = new WeakMap<Response, Bytes>()
let counter: 'msw' | 'own' = 'msw'

/**
 * Has `HttpResponse.json` and `HttpResponse.text` of this module graph count their bytes here, once and for all. What
 * they return is the same to the header.
 */
export function countBytes(): void {
  if (counter === 'own') return
  counter = 'own'
  const { json, text } = HttpResponse
  HttpResponse.json = (body, init) => keep(JSON.stringify(body), init, (counted) => json(body, counted))
  HttpResponse.text = (body, init) => keep(body, init, (counted) => text(body, counted))
}

/** The bytes of an answer that was made of a text; undefined: of something else, or it has been read. */
export function bytesOf(response: Response): Bytes | undefined {
  return response.bodyUsed ? undefined : made.get(response)?.slice()
}

/** JSON.stringify of what is undefined is undefined, whatever its type says. */
function keep<T extends Response>(text: string | null | undefined, init: Init, make: (init: Init) => T): T {
  if (text === null || text === undefined) return make(init)
  const bytes = new TextEncoder().encode(text)
  const length = { 'Content-Length': String(bytes.byteLength) }
  const headers = init?.headers ? new Headers(init.headers) : length
  if (headers instanceof Headers && !headers.has('Content-Length'))
    headers.set('Content-Length', length['Content-Length'])
  const response = make({ ...init, headers })
  made.set(response, bytes)
  return response
}
