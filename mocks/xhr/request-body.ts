/** What an XMLHttpRequest is given to send: the body of a Request, and what it says of itself on the way up. */

/** What `send()` takes. */
export type XhrBody = Document | XMLHttpRequestBodyInit | null | undefined

/** How many bytes a body has; of a form, which the browser puts into words by itself, 0. */
export function sizeOf(body: unknown): number {
  if (typeof body === 'string' || body instanceof URLSearchParams) {
    return new TextEncoder().encode(String(body)).byteLength
  }
  if (body instanceof Blob) return body.size
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : 0
}

/** The body of a request; a document puts its type on `headers`, unless the application has (XHR standard, `send`). */
export function contentOf(body: XhrBody, headers: Headers): BodyInit | null {
  if (typeof Document === 'undefined' || !(body instanceof Document)) return (body ?? null) as BodyInit | null
  if (!headers.has('Content-Type')) headers.set('Content-Type', `${body.contentType};charset=UTF-8`)
  return new XMLSerializer().serializeToString(body)
}
