/**
 * One request of an XMLHttpRequest, from `open()` on: its states and its events, in the order of the XHR standard and,
 * where that leaves a choice, of Chromium 156.
 */
import { isRedirect, type Answer, type Bytes, type Head } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { RequestEnd } from '../log.js'
import type { Network } from '../network.js'
import { NoAnswer } from '../no-answer.js'
import { createReceived, type Received } from './content.js'
import { contentOf, sizeOf, type XhrBody } from './request-body.js'

/** What a request is made with. */
export interface CallPorts {
  readonly network: Network
  /** Where its events are fired, and its settings are found. */
  readonly page: XMLHttpRequest
  readonly method: string
  readonly url: URL
}

/** One request. */
export interface Call {
  /** As `readyState`. */
  readonly readyState: number
  /** Whether it may still be changed: it was opened and not sent. */
  readonly isUnsent: boolean
  /** What the application has put on. */
  readonly headers: Headers
  /** The head of its answer; null: it has none, or there was an error. */
  readonly head: Head | null
  readonly received: Received
  send(body: XhrBody): void
  /** The time that it has, in all, is another one. */
  retime(): void
  abort(): void
  /** Another one takes its place: nobody is told. */
  forget(): void
}

const READY = { unsent: 0, opened: 1, sent: 1, headers: 2, loading: 3, done: 4 } as const

/** A request that is opened. */
export function createCall({ network, page, method, url }: CallPorts): Call {
  const { clock } = network.device
  const headers = new Headers()
  let state: keyof typeof READY = 'opened'
  let exchange: Exchange | null = null
  let head: Head | null = null
  let received = createReceived()
  let total = 0
  let sentAt = 0
  let upload: 'none' | 'going' | 'told' = 'none'
  let cancelTimeout = (): void => {}

  const fire = (at: EventTarget, type: string, loaded = 0, of = 0): void => {
    const measures = { loaded, total: of, lengthComputable: of > 0 }
    at.dispatchEvent(new ProgressEvent(type, measures))
  }
  const become = (next: keyof typeof READY): void => {
    state = next
    page.dispatchEvent(new Event('readystatechange'))
  }
  const isUnderWay = (): boolean => state === 'sent' || state === 'headers' || state === 'loading'

  const breakOff = (event: string): void => {
    cancelTimeout()
    head = null
    received = createReceived()
    become('done')
    if (upload === 'going') {
      upload = 'told'
      fire(page.upload, event)
      fire(page.upload, 'loadend')
    }
    fire(page, event)
    fire(page, 'loadend')
  }
  const fail = (end: RequestEnd): void => {
    if (isUnderWay() && end !== 'aborted') breakOff(end === 'timeout' ? 'timeout' : 'error')
  }
  const take = (piece: Bytes): void => {
    if (piece.byteLength === 0 || !isUnderWay()) return
    received.add(piece)
    become('loading')
    fire(page, 'progress', received.length, total)
  }
  const complete = (): void => {
    if (!isUnderWay()) return
    cancelTimeout()
    become('done')
    fire(page, 'load', received.length, total)
    fire(page, 'loadend', received.length, total)
  }
  const begin = (answer: Answer): void => {
    if (!isUnderWay()) return
    // Followed within one origin, which is not what is simulated: across origins it is an error.
    if (isRedirect(answer)) return fail('error')
    const { body, stream } = answer
    head = answer
    total = Number(answer.headers.get('Content-Length'))
    stream?.({ chunk: take, end: complete, fail })
    become('headers')
    if (stream) return
    if (body) take(body)
    complete()
  }
  const tellUploaded = (bytes: number): void => {
    if (upload !== 'going') return
    upload = 'told'
    for (const type of ['progress', 'load', 'loadend']) fire(page.upload, type, bytes, bytes)
  }
  const retime = (): void => {
    cancelTimeout()
    if (page.timeout === 0 || !isUnderWay()) return
    const left = Math.max(0, sentAt + page.timeout - clock.now())
    cancelTimeout = clock.setTimeout(() => exchange?.fail('timeout'), left)
  }

  return {
    headers,
    get readyState() {
      return READY[state]
    },
    get isUnsent() {
      return state === 'opened'
    },
    get head() {
      return head
    },
    get received() {
      return received
    },
    send(given) {
      const content = method === 'GET' || method === 'HEAD' ? null : contentOf(given, headers)
      const bytes = sizeOf(content)
      const credentials = page.withCredentials ? 'include' : 'same-origin'
      state = 'sent'
      // Whoever ends it in its first event ends an upload with it, in Chromium, whether there is one or not.
      upload = 'going'
      fire(page, 'loadstart')
      if (content === null) upload = 'none'
      else if (isUnderWay()) fire(page.upload, 'loadstart', 0, bytes)
      // One of its listeners may have ended it.
      if (state !== 'sent') return
      const request = () => {
        tellUploaded(bytes)
        return new Request(url, { method, headers, body: content, credentials })
      }
      sentAt = clock.now()
      exchange = network.send({ who: 'xhr', method, url, headers, request })
      retime()
      exchange.result.then(begin, (reason: unknown) =>
        fail(reason instanceof NoAnswer ? reason.end : 'error'),
      )
    },
    retime,
    abort() {
      const wasUnderWay = isUnderWay()
      exchange?.fail('aborted')
      if (wasUnderWay) breakOff('abort')
      if (state === 'done') {
        state = 'unsent'
        head = null
        received = createReceived()
      }
    },
    forget() {
      cancelTimeout()
      state = 'unsent'
      exchange?.fail('aborted')
    },
  }
}
