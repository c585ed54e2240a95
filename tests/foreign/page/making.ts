/** Cases: what the constructor takes and refuses, and what a socket says of itself. */
import type { Case } from './watch.js'

const URLS = [
  ...['ws://127.0.0.1:1/a b', 'ws://127.0.0.1:1/ä?ö=ü', 'WS://LOCALHOST:80/x/../y', 'http://127.0.0.1:1/x'],
  ...['https://127.0.0.1:1/x', '/relative', 'relative', '?query', '//127.0.0.1:1/scheme', ''],
  ...['ws://127.0.0.1:1/#', 'ws://127.0.0.1:1/#fragment', 'ftp://127.0.0.1/', 'mailto:a@b', 'about:blank'],
  ...[
    'ws://',
    'ws://foo bar.com/',
    'ws://127.0.0.1:99999/',
    'wss://user:pass@127.0.0.1:1/',
    'ws:127.0.0.1:1',
  ],
]

const PROTOCOLS: readonly unknown[] = [
  ...[
    undefined,
    [],
    '',
    [''],
    'a',
    ['a', 'b'],
    ['a', 'a'],
    'a b',
    'a,b',
    'ä',
    'a\tb',
    'a\u007f',
    '(a)',
    'a/b',
  ],
  ...['\u0000', 'a;', "!#$%&'*+-.^_`|~", 5, null, {}, ['5', 5], new Set(['a', 'b'])],
]

export const making: Readonly<Record<string, Case>> = {
  'constants of the class, its prototype and its objects': ({ Socket, open, note }) => {
    const { socket } = open('/echo')
    for (const holder of [Socket, Socket.prototype, socket] as const) {
      note(holder.CONNECTING, holder.OPEN, holder.CLOSING, holder.CLOSED)
    }
    note(socket instanceof EventTarget, socket instanceof Socket, String(socket.onopen))
    socket.close()
  },
  'attributes of a prototype': ({ Socket, note }) => {
    const names = [
      'url',
      'readyState',
      'bufferedAmount',
      'extensions',
      'protocol',
      'binaryType',
      'send',
      'close',
    ]
    note(...names.map((name) => name in Socket.prototype))
  },
  'attributes that nobody may set': ({ open, note, attempt }) => {
    const { socket } = open('/echo')
    for (const name of ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'OPEN']) {
      attempt(name, () => {
        ;(socket as unknown as Record<string, unknown>)[name] = 'mine'
      })
    }
    note(socket.readyState, socket.OPEN, socket.protocol)
    socket.close()
  },
  'without arguments, and without new': ({ Socket, attempt }) => {
    attempt('nothing', () => Reflect.construct(Socket, []))
    attempt('no new', () => Reflect.apply(Socket as unknown as () => void, undefined, ['ws://127.0.0.1:1/']))
  },
  'how URLs are read': ({ Socket, attempt }) => {
    for (const url of [...URLS, new URL('ws://127.0.0.1:1/object')])
      attempt(String(url), () => {
        const socket = new Socket(url)
        socket.close()
        return socket.url
      })
  },
  'which sub-protocols are refused': ({ Socket, base, attempt }) => {
    for (const given of PROTOCOLS)
      attempt(JSON.stringify(given) ?? 'undefined', () => {
        const socket = new Socket(`${base}/echo`, given as string)
        socket.close()
        return socket.protocol
      })
  },
}

const closing =
  (path: string, protocols?: string | string[]): Case =>
  async ({ open }) => {
    const { closed } = open(path, protocols)
    await closed
  }

const closedOnceOpen =
  (path: string, protocols?: string | string[]): Case =>
  async ({ open }) => {
    const { socket, opened, closed } = open(path, protocols)
    await opened
    socket.close()
    await closed
  }

export const handshakes: Readonly<Record<string, Case>> = {
  'a sub-protocol is chosen': closedOnceOpen('/echo', ['chat', 'echo']),
  'none is chosen of those that were offered': closing('/handshake_no_protocol', 'echo'),
  'one is chosen that was not offered': closing('/handshake_protocol'),
  'what is offered is what is asked for': closing('/protocol_array', ['one', 'two']),
  'no extensions': closedOnceOpen('/handshake_no_extensions'),
  'no handshake at all': closing('/invalid'),
  'a wrong key': closing('/wrong_accept_key'),
  'nobody at this path': closing('/does-not-exist'),
  'nobody at this port': async ({ Socket, note }) => {
    const socket = new Socket('ws://127.0.0.1:9/')
    socket.onerror = () => note('error', socket.readyState)
    await new Promise<void>((resolve) => {
      socket.onclose = ({ code, wasClean }) => resolve(note('close', code, wasClean, socket.readyState))
    })
  },
  'a name and a password are wanted': closing('/basic_auth'),
  'moved elsewhere': closing('/redirect_response.py'),
  'closed with the handshake': closing('/simple_handshake'),
  'a query arrives as it was written': closing('/echo-query?a%20b&c d&ä'),
  'the origin is the page’s': async ({ open, note }) => {
    const { message, closed } = open('/origin')
    note((await message()) === location.origin)
    await closed
  },
}
