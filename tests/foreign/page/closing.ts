/** Cases: who closes, when, and with what. */
import type { Case } from './watch.js'

const CODES: readonly unknown[] = [
  ...[0, 500, 999, 1001, 1005, 1006, 1015, 2999, 5000, 65_536 + 1000, -1, 1.5, NaN, null, 'x', true],
]

const byServer =
  (query: string): Case =>
  async ({ open }) => {
    const { closed } = open(`/remote-close?${query}`)
    await closed
  }

const byHand =
  (path: string, ...how: [code?: number, reason?: string]): Case =>
  async ({ open, note }) => {
    const { socket, opened, closed } = open(path)
    await opened
    socket.close(...how)
    note('closing', socket.readyState)
    await closed
  }

export const closing: Readonly<Record<string, Case>> = {
  'by the server, 1000': byServer('code=1000'),
  'by the server, 1000 and a reason': byServer('code=1000&reason=done%20ä'),
  'by the server, 1001': byServer('code=1001'),
  'by the server, 1011': byServer('code=1011&reason=oops'),
  'by the server, 3000': byServer('code=3000'),
  'by the server, 4999': byServer('code=4999&reason=mine'),
  'by the server, without a code': byServer(''),
  'by the server, without a word': byServer('abrupt=1'),
  'by hand': byHand('/echo'),
  'by hand, 1000': byHand('/echo', 1000),
  'by hand, 3000': byHand('/echo', 3000),
  'by hand, 4999 and a reason': byHand('/echo', 4999, 'bye ä'),
  'by hand, a reason with half a character': byHand('/echo', 1000, '\uD807'),
  'by hand, and the answer takes a second': byHand('/delayed-passive-close', 3000, 'late'),
  'by hand, and the answer never comes': byHand('/passive-close-abort', 1000),
  'which codes and reasons are refused': async ({ open, attempt, note }) => {
    const { socket, opened, closed } = open('/echo')
    await opened
    for (const code of CODES) attempt(`code ${String(code)}`, () => socket.close(code as number))
    attempt('a reason of 124 bytes', () => socket.close(1000, 'x'.repeat(124)))
    attempt('a reason of 124 bytes in 62', () => socket.close(1000, 'ä'.repeat(62)))
    note(socket.readyState)
    attempt('a code in words', () => socket.close('3000' as unknown as number, 'x'.repeat(123)))
    attempt('refused also while it closes', () => socket.close(5))
    note(socket.readyState)
    await closed
    attempt('refused also when it is closed', () => socket.close(5))
    attempt('again', () => socket.close())
  },
  'by hand before it is open': async ({ open, note }) => {
    const { socket, closed } = open('/echo')
    note(socket.readyState)
    socket.close()
    note(socket.readyState)
    await closed
    note(socket.readyState)
  },
  'by hand before it is open, later': async ({ open, note }) => {
    const { socket, closed } = open('/handshake_sleep_2')
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.close(3000, 'too early')
    note(socket.readyState)
    await closed
  },
  twice: async ({ open, note }) => {
    const { socket, opened, closed } = open('/echo')
    await opened
    socket.close(3000, 'first')
    socket.close(4000, 'second')
    await closed
    note(socket.readyState)
  },
  'within open': async ({ open, note }) => {
    const { socket, closed } = open('/echo')
    socket.onopen = () => {
      socket.close()
      note('closing', socket.readyState)
    }
    await closed
  },
  'within message, with another one on its way': async ({ open }) => {
    const { socket, opened, closed } = open('/echo')
    await opened
    socket.onmessage = () => socket.close()
    socket.send('1')
    socket.send('2')
    await closed
  },
  'within close': async ({ open, attempt }) => {
    const { socket, opened, closed } = open('/echo')
    socket.addEventListener('close', () => attempt('close', () => socket.close()))
    await opened
    socket.close()
    await closed
  },
  'what an event of a close has': async ({ open, note }) => {
    const { socket, opened } = open('/echo')
    await opened
    const told = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    socket.close(3000, 'mine')
    const { type, bubbles, cancelable, code, reason, wasClean, target, constructor } = await told
    note(type, bubbles, cancelable, code, reason, wasClean, target === socket, constructor.name)
  },
}
