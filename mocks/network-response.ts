/** What a page gets of an answer: a Response whose readers hold up the time until they are done. */
import type { Bytes, Head } from './answer.js'

/** Holds up the time until this is settled, and returns it. */
export type Track = <T>(promise: Promise<T>) => Promise<T>

/** What Chromium says where no answer comes, and where the readers of a response miss the end of its body. */
export const FAILED = 'Failed to fetch'
/** What it says to whoever reads that body piece by piece. */
export const CUT = 'network error'

/** Reading a body hops for real; a manual clock must wait for it. */
const READERS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const

/** What a constructor of Response does not take; a clone has the same. */
interface Looks {
  readonly url: string
  readonly track: Track
  /** Pieces of a body that still comes are waited for in virtual time. */
  readonly body: 'whole' | 'coming'
}

const looks = new WeakMap<Response, Looks>()

/** A class, because there is one for each answer: to put all of this on each response takes ten times as long. */
class NetworkResponse extends Response {
  static {
    for (const name of READERS) {
      const read: unknown = Reflect.get(Response.prototype, name)
      if (typeof read !== 'function') continue
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        writable: true,
        value(this: Response) {
          const reading = Promise.resolve(Reflect.apply(read, this, [])).catch(toReaderError)
          return looks.get(this)!.track(reading)
        },
      })
    }
  }

  override get url(): string {
    return looks.get(this)!.url
  }
  override get body(): ReadableStream<Bytes> | null {
    const body = super.body as ReadableStream<Bytes> | null
    const { track, body: state } = looks.get(this)!
    return body && state === 'whole' ? trackReader(body, track) : body
  }
  override clone(): Response {
    return withLooks(super.clone(), looks.get(this)!)
  }
}

/** A clone is a bare Response, whatever it is a clone of. */
function withLooks(response: Response, given: Looks): Response {
  looks.set(response, given)
  return response instanceof NetworkResponse
    ? response
    : (Object.setPrototypeOf(response, NetworkResponse.prototype) as Response)
}

/** Makes it of an answer whose body is there, or is read as it comes. */
export function createNetworkResponse(
  { status, statusText, headers, url }: Head,
  body: Bytes | ReadableStream<Bytes> | null,
  track: Track,
): Response {
  const response = new NetworkResponse(body, { status, statusText, headers })
  return withLooks(response, { url, track, body: body instanceof ReadableStream ? 'coming' : 'whole' })
}

/** Measured in Chromium 156: `text()` and `json()` of a body that is cut say what a fetch without an answer does. */
function toReaderError(error: unknown): never {
  const isCut = error instanceof TypeError && error.message === CUT
  throw isCut ? new TypeError(FAILED, { cause: error }) : error
}

const tracked = new WeakSet<ReadableStream>()

/** The same stream, whose readers hold up the time. */
function trackReader(body: ReadableStream<Bytes>, track: Track): ReadableStream<Bytes> {
  if (tracked.has(body)) return body
  tracked.add(body)
  const { getReader } = body
  const value = (options?: ReadableStreamGetReaderOptions) => {
    const reader = Reflect.apply(getReader, body, [options]) as ReadableStreamDefaultReader<Bytes>
    const { read } = reader
    Object.defineProperty(reader, 'read', {
      value: (...view: []) => track(Reflect.apply(read, reader, view)),
    })
    return reader
  }
  Object.defineProperty(body, 'getReader', { value })
  return body
}
