/**
 * A small world for reconnecting sockets: one virtual clock, one network that can refuse, vanish or swallow, and a
 * WebSocket that behaves on it as measured in Chromium (docs/spec/simulator.md). It is apart from the simulator, so
 * that what is measured and what measures do not share a mistake; every contestant lives in the same one.
 */
import FakeTimers from '@sinonjs/fake-timers'
import { setMaxListeners } from 'node:events'
import { reach, RTT_MS, type Mode } from './reach.js'
import { createFetch } from './requests.js'

/** One attempt to connect, by a socket or for a request. */
export interface Dial {
  readonly at: number
}

/** The server's half of a contestant's protocol. */
export interface Protocol {
  opened?(say: (data: string) => void): void
  heard?(data: string, say: (data: string) => void): void
  /** The server's own ping: one frame each so many ms. */
  readonly ping?: { readonly everyMs: number; readonly data: string }
}

/** Chromium fires `close` of a socket whose peer is gone so late (docs/spec/reliability.md 1.4). */
const CLOSE_AFTER_MS = 60_000

const macrotask = setImmediate
const clock = FakeTimers.install({
  now: Date.UTC(2026, 0, 1),
  toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
})

let mode: Mode = 'up'
let protocol: Protocol = {}
let dials: Dial[] = []
let frames = 0
let sockets = new Set<FakeSocket>()

const now = () => Date.now()
const page = new EventTarget()
// A herd shares it.
setMaxListeners(0, page)
const turn = () => new Promise<void>((resolve) => macrotask(resolve))

/** Chance that comes again: mulberry32. */
function seeded(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The standard interface, as far as anybody here uses it. */
class FakeSocket extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  readyState = 0
  binaryType = 'blob'
  bufferedAmount = 0
  extensions = ''
  protocol = ''
  readonly url: string
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: Event) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: Event) => void) | null = null
  #timers: ReturnType<typeof setTimeout>[] = []

  constructor(url: string | URL) {
    super()
    this.url = String(url)
    dials.push({ at: now() })
    sockets.add(this)
    reach({
      mode: () => mode,
      later: (afterMs, run) => this.#later(afterMs, run),
      forget: () => this.#forget(),
      reached: () => this.#open(),
      failed: () => this.#fail(),
    })
  }

  #later(afterMs: number, run: () => void) {
    this.#timers.push(setTimeout(run, afterMs))
  }

  #open() {
    this.#forget()
    this.readyState = 1
    this.#fire(new Event('open'))
    protocol.opened?.(this.#say)
    this.#ping()
  }

  #ping() {
    const { ping } = protocol
    if (!ping) return
    this.#later(ping.everyMs, () => {
      this.#say(ping.data)
      this.#ping()
    })
  }

  readonly #say = (data: string) => {
    frames += 1
    if (mode !== 'up') return
    this.#later(RTT_MS / 2, () => {
      if (this.readyState !== 1) return
      this.#fire(new MessageEvent('message', { data }))
    })
  }

  #forget() {
    this.#timers.forEach(clearTimeout)
    this.#timers = []
  }

  #fire(event: Event) {
    const handler = this[`on${event.type}` as 'onopen']
    handler?.call(this, event)
    this.dispatchEvent(event)
  }

  #fail() {
    if (this.readyState === 0) this.#fire(new Event('error'))
    this.#end(1006, false)
  }

  #end(code: number, wasClean: boolean) {
    if (this.readyState === 3) return
    this.#forget()
    sockets.delete(this)
    this.readyState = 3
    this.#fire(Object.assign(new Event('close'), { code, reason: '', wasClean }))
  }

  /** The server's process is gone. */
  cut() {
    if (this.readyState === 1 || this.readyState === 2) this.#end(1006, false)
  }

  send(data: string) {
    if (this.readyState === 0) throw new DOMException('Still connecting', 'InvalidStateError')
    if (this.readyState !== 1) return
    frames += 1
    if (mode !== 'up') return
    this.#later(RTT_MS / 2, () => protocol.heard?.(String(data), this.#say))
  }

  close(code = 1005) {
    if (this.readyState >= 2) return
    if (this.readyState === 0) {
      this.#forget()
      this.#later(0, () => this.#fail())
    } else if (mode === 'up') this.#later(RTT_MS, () => this.#end(code, true))
    else this.#later(CLOSE_AFTER_MS, () => this.#end(1006, false))
    this.readyState = 2
  }
}

/** What contestants and rounds may do to it. */
export const world = {
  now,
  get mode() {
    return mode
  },
  get dials(): readonly Dial[] {
    return dials
  },
  /** Messages that anybody has sent, both ways. */
  get frames() {
    return frames
  },
  become(next: Mode) {
    const wasAway = mode === 'away'
    mode = next
    if ((next === 'away') === wasAway) return
    page.dispatchEvent(new Event(next === 'away' ? 'offline' : 'online'))
  },
  /** Somebody uses the page. */
  touch() {
    page.dispatchEvent(new Event('pointerdown'))
  },
  /** Every open socket ends at once. */
  cutAll() {
    for (const socket of [...sockets]) socket.cut()
  },
  /** A new round: nothing is left of the one before. */
  begin(next: Protocol, seed: number) {
    protocol = next
    mode = 'up'
    dials = []
    frames = 0
    sockets = new Set()
    clock.reset()
    Math.random = seeded(seed)
  },
  /** Ends the task: whatever it has begun goes on as far as it can in this instant. No timer runs. */
  endTask: turn,
  /** Lets so much time pass, one timer at a time; `until` may end it early. Says whether it did. */
  async pass(ms: number, until?: () => boolean) {
    let isOver = false
    const fence = clock.setTimeout(() => (isOver = true), ms)
    await turn()
    while (!isOver && !until?.()) {
      clock.next()
      await turn()
    }
    clock.clearTimeout(fence)
    return !isOver
  },
}

const own = { configurable: true, writable: true }
const globals = {
  window: globalThis,
  self: globalThis,
  location: {
    protocol: 'https:',
    hostname: 'shop.example',
    port: '',
    href: 'https://shop.example/',
    origin: 'https://shop.example',
  },
  document: Object.assign(new EventTarget(), { visibilityState: 'visible', hidden: false }),
  WebSocket: FakeSocket,
  fetch: createFetch({ mode: () => mode, begun: () => dials.push({ at: now() }) }),
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  dispatchEvent: page.dispatchEvent.bind(page),
}
for (const [name, value] of Object.entries(globals))
  Object.defineProperty(globalThis, name, { ...own, value })
// What asks whether it runs in Node is told that it does not.
Object.defineProperty(process, 'release', { ...own, value: { name: 'page' } })
Object.defineProperty(globalThis.navigator, 'onLine', { configurable: true, get: () => mode !== 'away' })
crypto.getRandomValues = ((array: Uint8Array | Uint32Array) => {
  for (let at = 0; at < array.length; at++)
    array[at] = Math.floor(Math.random() * 2 ** (8 * array.BYTES_PER_ELEMENT))
  return array
}) as typeof crypto.getRandomValues
