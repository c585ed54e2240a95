import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Stops, dial as dialWith, echo as echoWith, rounds as passRounds, undo } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))
const echo = () => echoWith(stops)
const dial = (port: number) => dialWith(stops, port)

/** Long enough for loopback to have delivered whatever it will. */
const rounds = async (socket: Socket, said: string[]) => {
  await passRounds()
  return said.length + socket.bytesRead
}

describe('the fault proxy', () => {
  test('passes bytes and the end both ways', async () => {
    const { proxy, peers } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    expect(await client.told()).toBe('re:one')
    peers[0]?.end()
    await once(client, 'end')
    client.end()
    await once(client, 'close')
  })

  test('black hole: nothing goes through either way, nobody is told; then everything does, in order', async () => {
    const { proxy, heard, peers } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    await proxy.mode('blackhole')
    client.write('two')
    await rounds(client, heard)
    client.write('three')
    peers[0]?.write('from below')
    const read = client.bytesRead
    expect([await rounds(client, heard), client.destroyed]).toEqual([1 + read, false])
    await proxy.mode('pass')
    let told = ''
    while (!told.includes('two') || !told.includes('from below')) told += await client.told()
    expect(heard.join('')).toBe('onetwothree')
  })

  test('black hole: a new connection hangs, and is served afterwards', async () => {
    const { proxy, heard, peers } = await echo()
    await proxy.mode('blackhole')
    const client = await dial(proxy.port)
    client.write('hello')
    expect([await rounds(client, heard), peers.length]).toEqual([0, 0])
    await proxy.mode('pass')
    expect(await client.told()).toBe('re:hello')
  })

  test('black hole: the loss of a peer is silent until the hole ends', async () => {
    const { proxy, peers, heard } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    await proxy.mode('blackhole')
    peers[0]?.resetAndDestroy()
    await rounds(client, heard)
    expect(client.destroyed).toBe(false)
    const lost = once(client, 'error')
    await proxy.mode('pass')
    expect(((await lost) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
  })

  test('mute: what is sent arrives, no answer does; a reset then loses the answers', async () => {
    const { proxy, heard } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    await proxy.mode('mute')
    const read = client.bytesRead
    client.write('two')
    while (heard.length < 2) await new Promise(setImmediate)
    expect([await rounds(client, heard), client.destroyed]).toEqual([2 + read, false])
    const lost = once(client, 'error')
    await proxy.mode('reset')
    await lost
    expect(client.bytesRead).toBe(read)
  })

  test('mute: answers that were held come when it ends, in order', async () => {
    const { proxy, heard } = await echo()
    const client = await dial(proxy.port)
    await proxy.mode('mute')
    client.write('one')
    while (heard.length < 1) await new Promise(setImmediate)
    await proxy.mode('pass')
    expect(await client.told()).toBe('re:one')
  })

  test('refuse: new connections are refused, open ones live on; then the same port listens again', async () => {
    const { proxy } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    await proxy.mode('refuse')
    await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    client.write('two')
    expect(await client.told()).toBe('re:two')
    await proxy.mode('pass')
    const next = await dial(proxy.port)
    next.write('three')
    expect(await next.told()).toBe('re:three')
  })

  test('reset: open connections are reset, and new ones at once', async () => {
    const { proxy } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    const lost = once(client, 'error')
    await proxy.mode('reset')
    expect(((await lost) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
    const next = connect(proxy.port, '127.0.0.1')
    expect(((await once(next, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
    await proxy.mode('pass')
    const after = await dial(proxy.port)
    after.write('two')
    expect(await after.told()).toBe('re:two')
  })

  test('a dead target is a reset for the client', async () => {
    const { proxy, server } = await echo()
    server.close()
    const client = connect(proxy.port, '127.0.0.1')
    expect(((await once(client, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
  })

  test('stop leaves no connection and no listener', async () => {
    const { proxy } = await echo()
    const client = await dial(proxy.port)
    client.write('one')
    await client.told()
    await proxy.stop()
    await proxy.stop()
    await once(client, 'close')
    expect(proxy.connections).toBe(0)
    await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
