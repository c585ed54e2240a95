import { expect, test } from 'vitest'
import { attachments, memoryStore, type Sending } from '../../src/queue/index.js'
import { rig as anyRig } from './rig.js'

async function desk(more: Parameters<typeof anyRig>[0] = {}) {
  const sent: Sending[] = []
  const send = (sending: Sending) =>
    new Promise((_, reject) => (sent.push(sending), sending.signal.addEventListener('abort', reject)))
  const handlers = { order: { honoursKeys: true, send }, mail: send }
  const made = await anyRig({
    features: [attachments({ maxFiles: 2, maxFileBytes: 1_000 })],
    handlers,
    ...more,
  })
  return { ...made, sent }
}
const photo = () =>
  new File([new Uint8Array([1, 2, 3, 255])], 'photo.png', { type: 'image/png', lastModified: 5 })
const bytesOf = async (blob: unknown) => [...new Uint8Array(await (blob as Blob).arrayBuffer())]

test('a file is handed to the handler as it was: bytes, name, type, date; on every attempt (I03)', async () => {
  const { add, sent, clock, connection } = await desk()
  await add('one', { payload: { photo: photo(), more: [new Blob(['hi'], { type: 'text/plain' })], n: 1 } })
  connection.down()
  await clock.settle()
  connection.up()
  await clock.settle()
  expect(sent).toHaveLength(2)
  for (const { payload } of sent) {
    const { photo: file, more, n } = payload as { photo: File; more: Blob[]; n: number }
    expect(file).toBeInstanceOf(File)
    expect([file.name, file.type, file.lastModified, n]).toEqual(['photo.png', 'image/png', 5, 1])
    expect(await bytesOf(file)).toEqual([1, 2, 3, 255])
    expect(more[0]).not.toBeInstanceOf(File)
    expect([more[0]!.type, await more[0]!.text()]).toEqual(['text/plain', 'hi'])
  }
})

test('bytes are kept, not the file: a reload hands over the same, and they count (I08)', async () => {
  const store = memoryStore()
  const before = await desk({ store })
  before.connection.down()
  await before.add('one', { payload: photo() })
  const [row] = before.queue.actions
  expect(row!.bytes).toBeGreaterThanOrEqual(4)
  expect((row!.payload as { bytes: unknown }).bytes).toBeInstanceOf(ArrayBuffer)
  before.queue.stop()
  const after = await desk({ store, clock: before.clock, seed: 2 })
  expect(await bytesOf(after.sent[0]!.payload)).toEqual([1, 2, 3, 255])
})

test('what was damaged in the store is unsendable, and holds nobody up (I12)', async () => {
  const store = memoryStore()
  const before = await desk({ store })
  before.connection.down()
  await before.add('one', { payload: photo() })
  await before.add('two')
  const row = before.queue.actions[0]!
  before.queue.stop()
  const { bytes } = row.payload as { bytes: ArrayBuffer }
  new Uint8Array(bytes)[0] = 9
  await store.write({ scope: 'ann', positions: [], durability: 'strict' }, (draft) => draft.put(row))
  const after = await desk({ store, clock: before.clock, seed: 2 })
  expect(after.states()).toEqual(['one failed', 'two sending'])
  expect(after.queue.actions[0]!.state).toMatchObject({ why: 'unsendable' })
})

test('calls are accepted in their order, however long a file takes to be read (I05)', async () => {
  const { queue, connection, clock } = await desk()
  connection.down()
  const slow = photo()
  let read = () => {}
  slow.arrayBuffer = () => new Promise((resolve) => (read = () => resolve(new ArrayBuffer(4))))
  const all = [
    queue.enqueue({ handler: 'order', payload: slow, label: 'slow' }),
    queue.enqueue({ handler: 'order', payload: 1, label: 'plain' }),
    queue.enqueue({ handler: 'order', payload: photo(), label: 'quick' }),
  ]
  await clock.settle()
  expect(queue.actions).toEqual([])
  read()
  await Promise.all(all)
  expect(queue.actions.map(({ label }) => label)).toEqual(['slow', 'plain', 'quick'])
})

test('one that cannot be read refuses its own action, and no other', async () => {
  const { queue, connection } = await desk()
  connection.down()
  const gone = photo()
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'))
  const refused = queue.enqueue({ handler: 'order', payload: gone, label: 'gone' })
  const kept = queue.enqueue({ handler: 'order', payload: 1, label: 'kept' })
  await expect(refused).rejects.toMatchObject({ code: 'bad-action', cause: { name: 'NotReadableError' } })
  await kept
  expect(queue.actions.map(({ label }) => label)).toEqual(['kept'])
})

test.each([
  ['three files', [photo(), photo(), photo()], '3 files; at most 2'],
  ['a large one', new Blob(['x'.repeat(1_001)]), 'a file of 1001 bytes; at most 1000'],
])('%s are refused by name of the bound (I08)', async (_what, payload, message) => {
  const { add } = await desk()
  await expect(add('one', { payload })).rejects.toThrow(message)
})

test('a full queue is full for files as well', async () => {
  const { add, connection } = await desk({ maxBytes: 1_500 })
  connection.down()
  await add('one', { payload: new Blob(['x'.repeat(900)]) })
  await expect(add('two', { payload: new Blob(['x'.repeat(900)]) })).rejects.toMatchObject({
    code: 'queue-full',
  })
})

test('a person may put another file in its place while it was never sent', async () => {
  const { add, queue, connection, clock, sent } = await desk()
  connection.down()
  const { id } = await add('one', { payload: photo() })
  await queue.edit(id, { payload: new Blob(['new']) })
  connection.up()
  await clock.settle()
  expect(await (sent[0]!.payload as Blob).text()).toBe('new')
})

test('without the feature a file is refused, and the message says what is missing', async () => {
  const { add } = await anyRig()
  await expect(add('one', { payload: { photo: photo() } })).rejects.toThrow(
    'payload.photo is a file: give createQueue `features: [attachments()]`',
  )
})

test.each([
  [{ maxFiles: 0 }, 'attachments.maxFiles'],
  [{ maxFileBytes: Number.NaN }, 'attachments.maxFileBytes'],
  [{ maxfiles: 1 }, 'attachments.maxfiles'],
] as const)('attachments(%j) is refused', (options, name) => {
  expect(() => attachments(options as object)).toThrow(name)
})
