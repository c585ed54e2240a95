/** What a socket tells, as lines of text: two that behave alike have the same lines. */

/** A class of sockets: the browser's own, or one that says that it is like it. */
export type Class = typeof WebSocket

/** One thing to do with sockets of a class at a server; what it writes down is compared. */
export type Case = (at: Scene) => unknown

/** Where a case is done. */
export interface Scene {
  readonly Socket: Class
  /** `ws://host:port` */
  readonly base: string
  /** Writes a line down. */
  note(...words: readonly unknown[]): void
  /** Makes a socket and writes down what it tells. */
  open(path: string, protocols?: string | string[]): Watched
  /** Writes down what it returns, or the name of what it throws. */
  attempt(what: string, run: () => unknown): void
}

/** A socket that is watched. */
export interface Watched {
  readonly socket: WebSocket
  readonly opened: Promise<void>
  readonly closed: Promise<void>
  /** The next message that was not asked for yet. */
  message(): Promise<unknown>
}

/** Makes one. */
export function createScene(Socket: Class, base: string, lines: string[]): Scene {
  const note: Scene['note'] = (...words) => void lines.push(words.map(textOf).join(' '))
  return {
    Socket,
    base,
    note,
    attempt(what, run) {
      try {
        note(what, run())
      } catch (error) {
        const { name, constructor } = error as Error
        note(what, 'throws', constructor.name, name)
      }
    },
    open: (path, protocols) => watch(new Socket(base + path, protocols), note),
  }
}

/** In a task of its own: whatever else listens has heard it by then. */
const later = (run: () => void) => void setTimeout(run)

function watch(socket: WebSocket, note: Scene['note']): Watched {
  const messages: unknown[] = []
  const waiting: ((data: unknown) => void)[] = []
  const opened = new Promise<void>((resolve) =>
    socket.addEventListener('open', () => {
      note('open', stateOf(socket))
      later(resolve)
    }),
  )
  const closed = new Promise<void>((resolve) =>
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      note('close', code, reason, wasClean, stateOf(socket))
      later(resolve)
    }),
  )
  socket.addEventListener('error', (event) => note('error', event.constructor.name, stateOf(socket)))
  socket.addEventListener('message', ({ data }) => {
    note('message', data, stateOf(socket))
    later(() => {
      const take = waiting.shift()
      if (take) take(data)
      else messages.push(data)
    })
  })
  return {
    socket,
    opened,
    closed,
    message: () =>
      messages.length > 0
        ? Promise.resolve(messages.shift())
        : new Promise((resolve) => waiting.push(resolve)),
  }
}

/** Not how much is buffered: what has left by then is up to the machine. */
const stateOf = ({ readyState, protocol, extensions }: WebSocket) =>
  `(state ${readyState}, protocol "${protocol}", extensions "${extensions}")`

function textOf(word: unknown): string {
  if (word instanceof ArrayBuffer)
    return `ArrayBuffer ${new Uint8Array(word).slice(0, 8).join()} of ${word.byteLength}`
  if (word instanceof Blob) return `Blob of ${word.size}, type "${word.type}"`
  if (typeof word === 'string' && word.length > 80) return `${word.slice(0, 40)}… of ${word.length}`
  return typeof word === 'function' ? `function ${word.name}` : String(word)
}
