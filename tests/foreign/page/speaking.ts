/** Cases: what is sent, what comes, and what is told of it. */
import type { Case, Scene, Watched } from './watch.js'

type Data = Parameters<WebSocket['send']>[0]

const bytes = () => Uint8Array.from({ length: 16 }, (_, at) => at * 16)

const TEXTS: readonly unknown[] = [
  ...['', 'text', '¥¥¥¥¥¥', '\u{10FFFF}', 'a\uD800x', '\uDC00\uD800', 'x'.repeat(70_000)],
  ...[null, undefined, 5, true, {}, [1, 2], { toString: () => 'told' }],
]

const BINARIES: readonly (() => Data)[] = [
  () => new ArrayBuffer(0),
  () => bytes().buffer,
  () => bytes().subarray(4, 9),
  () => new Uint16Array(bytes().buffer, 2, 3),
  () => new Float64Array([1.5, -0]),
  () => new DataView(bytes().buffer, 1, 2),
  () => new Blob([]),
  () => new Blob(['blob']),
  () => new Uint8Array(100_000).fill(7),
]

async function end({ socket, closed }: Watched): Promise<void> {
  socket.close()
  await closed
}

/** Opens an echo, and closes it in the end. */
const withEcho =
  (run: (watched: Watched, scene: Scene) => unknown): Case =>
  async (scene) => {
    const watched = scene.open('/echo')
    await watched.opened
    await run(watched, scene)
    await end(watched)
  }

/** What comes back is no frame. */
const badFrame =
  (...frame: number[]): Case =>
  async ({ open }) => {
    const { socket, opened, closed } = open('/echo_raw')
    await opened
    socket.send(Uint8Array.from(frame))
    await closed
  }

export const speaking: Readonly<Record<string, Case>> = {
  'texts are sent, and what is not one is made one': withEcho(async ({ socket, message }, { note }) => {
    for (const text of TEXTS) {
      socket.send(text as string)
      note(socket.bufferedAmount)
      await message()
    }
  }),
  'bytes are sent, and come as blobs': withEcho(async ({ socket, message }, { note }) => {
    for (const binary of BINARIES) {
      socket.send(binary())
      note(socket.bufferedAmount)
      await message()
    }
  }),
  'bytes come as buffers': withEcho(async ({ socket, message }) => {
    socket.binaryType = 'arraybuffer'
    for (const binary of BINARIES) {
      socket.send(binary())
      await message()
    }
  }),
  'the type of bytes changes between messages, and only to what there is': withEcho(
    async ({ socket, message }, { note, attempt }) => {
      for (const type of ['arraybuffer', 'nonsense', 'blob', '', 'ARRAYBUFFER']) {
        attempt(`type "${type}"`, () => {
          socket.binaryType = type as BinaryType
          return socket.binaryType
        })
        socket.send(bytes())
        note(await message())
      }
    },
  ),
  'bytes that are changed after send are sent as they were': withEcho(
    async ({ socket, message }, { note }) => {
      const given = bytes()
      socket.binaryType = 'arraybuffer'
      socket.send(given)
      given.fill(255)
      note(await message())
    },
  ),
  'many at once keep their order': withEcho(async ({ socket, message }) => {
    for (let n = 0; n < 50; n += 1) socket.send(n % 2 ? String(n) : new Blob([String(n)]))
    for (let n = 0; n < 50; n += 1) await message()
  }),
  'nothing at all is sent': withEcho(({ socket }, { attempt }) => {
    attempt('send()', () => Reflect.apply(socket.send, socket, []))
    attempt('close(undefined, undefined)', () => socket.close(undefined, undefined))
  }),
  'sends before it is open': async (scene) => {
    const watched = scene.open('/echo')
    for (const data of ['text', new ArrayBuffer(2), '\uD800']) {
      scene.attempt('send', () => watched.socket.send(data))
    }
    scene.note(watched.socket.bufferedAmount)
    await watched.opened
    await end(watched)
  },
  'sends while it closes, and when it is closed, are counted': withEcho(
    async ({ socket, closed }, { note }) => {
      socket.close()
      socket.send('1234567890')
      note(socket.bufferedAmount)
      await closed
      socket.send(new ArrayBuffer(10))
      socket.send(new Blob(['0123456789']))
      note(socket.bufferedAmount, socket.readyState)
    },
  ),
  'a goodbye is told before the close': async ({ open }) => {
    const { socket, opened, closed } = open('/echo')
    await opened
    socket.send('Goodbye')
    await closed
  },
  'what an event of a message has': withEcho(async ({ socket }, { note }) => {
    const told = new Promise<MessageEvent>((resolve) =>
      socket.addEventListener('message', resolve, { once: true }),
    )
    socket.send('x')
    const event = await told
    const { type, bubbles, cancelable, origin, lastEventId, source, ports, target, constructor } = event
    note(type, bubbles, cancelable, origin === new URL(socket.url).origin, lastEventId, source, ports.length)
    note(target === socket, constructor.name, Object.prototype.toString.call(event))
  }),
  'handlers are called where they were set first': withEcho(async ({ socket, message }, { note }) => {
    socket.addEventListener('message', () => note('first'))
    socket.onmessage = () => note('never')
    socket.addEventListener('message', { handleEvent: () => note('third') })
    socket.onmessage = () => note('second')
    socket.addEventListener('message', () => note('once'), { once: true })
    socket.send('1')
    await message()
    socket.onmessage = 5 as unknown as null
    note(String(socket.onmessage))
    socket.send('2')
    await message()
  }),
  'what is resolved in one listener, before the next': withEcho(async ({ socket, message }, { note }) => {
    socket.addEventListener('message', () => void Promise.resolve().then(() => note('resolved')))
    socket.addEventListener('message', () => note('next listener'))
    socket.send('x')
    await message()
  }),
  'an event of one’s own is dispatched': withEcho(({ socket }, { note }) => {
    socket.onmessage = ({ constructor }) => note('told', constructor.name)
    note(socket.dispatchEvent(new Event('message', { cancelable: true })), socket.readyState)
    socket.onmessage = null
  }),
  'a frame that is none ends it': badFrame(0x84, 0x00),
  'a text that is no UTF-8 ends it': badFrame(0x81, 0x02, 0xff, 0xff),
}
