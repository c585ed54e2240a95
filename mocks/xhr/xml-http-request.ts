/**
 * XMLHttpRequest over a simulated network. A subclass of the page's own: what is asked of other hosts is the browser's
 * business altogether, and of the network's hosts it looks at what is given, keeps the settings and runs the handlers.
 */
import type { Network } from '../network.js'
import { createCall, type Call } from './call.js'
import { documentOf, objectOf, textOf } from './content.js'
import type { XhrBody } from './request-body.js'

const invalid = (doing: string, why: string) =>
  new DOMException(`Failed to ${doing} 'XMLHttpRequest': ${why}`, 'InvalidStateError')

/** Those that are written in capitals, however they are given (Fetch, `normalize` a method). */
const NORMALISED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']

function methodOf(given: string): string {
  const upper = given.toUpperCase()
  return NORMALISED.includes(upper) ? upper : given
}

/** The URL if it is the network's. */
function oursOf(network: Network, given: string | URL): URL | null {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href
  const text = String(given)
  if (!URL.canParse(text, base)) return null
  const url = new URL(text, base)
  return network.owns(url) ? url : null
}

/**
 * Makes the class for the page of a network.
 *
 * Not there: synchronous requests to the network's hosts (`open` throws `InvalidAccessError`), and the pause of 50 ms
 * between two `progress` events: there is one for each piece of a body.
 *
 * @param Native the page's own class.
 */
export function createXmlHttpRequestClass(
  Native: typeof globalThis.XMLHttpRequest,
  network: Network,
): typeof globalThis.XMLHttpRequest {
  return class XMLHttpRequest extends Native {
    /** Null: it is the browser's own. */
    #call: Call | null = null
    #type: string | null = null
    /** What `response` has been, for whoever asks again. */
    #object: { readonly value: unknown } | null = null

    override open(
      method: string,
      url: string | URL,
      async: boolean = true,
      user?: string | null,
      password?: string | null,
    ): void {
      const ours = oursOf(network, url)
      const before = this.readyState
      this.#call?.forget()
      this.#call = null
      this.#object = null
      this.#type = null
      if (!ours) return super.open(method, url, async, user, password)
      if (!async) {
        throw new DOMException(
          `Failed to execute 'open' on 'XMLHttpRequest': the simulated network answers no synchronous requests`,
          'InvalidAccessError',
        )
      }
      const wasOpen = super.readyState === Native.OPENED
      super.open(method, ours, true, user, password)
      this.#call = createCall({ network, page: this, method: methodOf(method), url: ours })
      // The browser has not been told that the last one was sent.
      if (wasOpen && before !== Native.OPENED) this.dispatchEvent(new Event('readystatechange'))
    }
    override setRequestHeader(name: string, value: string): void {
      this.#checkUnsent("execute 'setRequestHeader' on")
      super.setRequestHeader(name, value)
      this.#call?.headers.append(name, value)
    }
    override send(body: XhrBody = null): void {
      if (!this.#call) return super.send(body)
      this.#checkUnsent("execute 'send' on")
      this.#call.send(body)
    }
    override abort(): void {
      if (this.#call) this.#call.abort()
      else super.abort()
    }
    override overrideMimeType(mime: string): void {
      if (this.#call && this.readyState >= Native.LOADING) {
        throw invalid(
          "execute 'overrideMimeType' on",
          'MimeType cannot be overridden when the state is LOADING or DONE.',
        )
      }
      super.overrideMimeType(mime)
      this.#type = mime
    }

    override get timeout(): number {
      return super.timeout
    }
    override set timeout(ms: number) {
      super.timeout = ms
      this.#call?.retime()
    }
    override get withCredentials(): boolean {
      return super.withCredentials
    }
    override set withCredentials(given: boolean) {
      if (this.#call) this.#checkUnsent("set the 'withCredentials' property on")
      super.withCredentials = given
    }
    override get responseType(): XMLHttpRequestResponseType {
      return super.responseType
    }
    override set responseType(given: XMLHttpRequestResponseType) {
      if (this.#call && this.readyState >= Native.LOADING) {
        throw invalid(
          "set the 'responseType' property on",
          "The response type cannot be set if the object's state is LOADING or DONE.",
        )
      }
      super.responseType = given
    }

    override get readyState(): number {
      return this.#call ? this.#call.readyState : super.readyState
    }
    override get status(): number {
      return this.#call ? (this.#call.head?.status ?? 0) : super.status
    }
    override get statusText(): string {
      return this.#call ? (this.#call.head?.statusText ?? '') : super.statusText
    }
    override get responseURL(): string {
      return this.#call ? (this.#call.head?.url ?? '').replace(/#.*/, '') : super.responseURL
    }
    override getResponseHeader(name: string): string | null {
      if (!this.#call) return super.getResponseHeader(name)
      return isCookie(name) ? null : (this.#call.head?.headers.get(name) ?? null)
    }
    override getAllResponseHeaders(): string {
      if (!this.#call) return super.getAllResponseHeaders()
      const headers = [...(this.#call.head?.headers ?? [])].filter(([name]) => !isCookie(name))
      return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    }

    override get responseText(): string {
      if (!this.#call) return super.responseText
      this.#checkType('responseText', '', 'text')
      return textOf(this.#call.received.bytes(), this.#contentType)
    }
    override get responseXML(): Document | null {
      if (!this.#call) return super.responseXML
      this.#checkType('responseXML', '', 'document')
      return this.#objectBy(({ received }) =>
        documentOf(received.bytes(), this.#contentType, this.responseType === '' ? '' : 'document'),
      ) as Document | null
    }
    override get response(): unknown {
      if (!this.#call) return super.response
      const { responseType } = this
      if (responseType === '' || responseType === 'text') return this.responseText
      return this.#objectBy(({ received }) => objectOf(received.bytes(), this.#contentType, responseType))
    }

    get #contentType(): string {
      return this.#type ?? this.#call?.head?.headers.get('Content-Type') ?? ''
    }
    /** The same object each time; null until the whole body is there. */
    #objectBy(make: (call: Call) => unknown): unknown {
      const call = this.#call
      if (!call?.head || this.readyState !== Native.DONE) return null
      this.#object ??= { value: make(call) }
      return this.#object.value
    }
    #checkUnsent(doing: string): void {
      if (this.#call && !this.#call.isUnsent) throw invalid(doing, "The object's state must be OPENED.")
    }
    #checkType(property: string, ...allowed: readonly XMLHttpRequestResponseType[]): void {
      if (allowed.includes(this.responseType)) return
      const values = allowed.map((one) => `'${one}'`).join(' or ')
      throw invalid(
        `read the '${property}' property from`,
        `The value is only accessible if the object's 'responseType' is ${values} (was '${this.responseType}').`,
      )
    }
  }
}

/** Pages never see these (Fetch, forbidden response-header names). */
const isCookie = (name: string): boolean => /^set-cookie2?$/i.test(name)
