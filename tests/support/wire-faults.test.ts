import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createFaultProxy } from './fault-proxy.js'
import { type Stops, dial, echo, rounds, undo, until } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))

/** An echo on a manual clock, with a client that has been answered once. */
async function talking() {
  const clock = manualClock()
  const stage = await echo(stops, { clock })
  const client = await dial(stops, stage.proxy.port)
  client.write('one;')
  await client.told()
  return { ...stage, clock, client }
}

describe('faults on the path', () => {
  test('latency: half each way, or only one way; both directions of a new connection likewise', async () => {
    const { proxy, clock, client, heard } = await talking()
    const stop = await proxy.apply({ type: 'latency', ms: 100 })
    client.write('two;')
    await until(() => clock.pending() === 1)
    await clock.advance(49)
    await rounds()
    expect(heard).toEqual(['one;'])
    await clock.advance(1)
    await until(() => heard.length === 2 && clock.pending() === 1)
    await clock.advance(49)
    await rounds()
    expect(client.all()).toBe('re:one;')
    await clock.advance(1)
    await until(() => client.all().includes('two'))
    await stop()
    await proxy.apply({ type: 'latency', ms: 100, only: { direction: 'down' } })
    client.write('three;')
    await until(() => heard.length === 3)
  })

  test('bandwidth: the second half comes in its time', async () => {
    const { proxy, clock, client, heard } = await talking()
    await proxy.apply({ type: 'bandwidth', kBps: 1, only: { direction: 'up' } })
    client.write('x'.repeat(100))
    await until(() => clock.pending() === 1)
    await clock.advance(50)
    await until(() => heard.join('').length === 4 + 40)
    await clock.advance(49)
    await until(() => heard.join('').length === 4 + 80)
    await clock.advance(1)
    await until(() => heard.join('').length === 4 + 100)
  })

  test('black hole: a new connection that its client gives up leaves nothing behind, a kept one delivers', async () => {
    const { proxy, clock, client, heard, peers } = await talking()
    const stop = await proxy.apply({ type: 'blackhole' })
    const fresh = await dial(stops, proxy.port)
    fresh.write('fresh;')
    client.write('kept;')
    await rounds()
    fresh.destroy()
    client.destroy()
    await rounds()
    expect(proxy.connections).toBe(1)
    await stop()
    await clock.advance(10_000)
    await rounds()
    expect([heard, peers.length]).toEqual([['one;', 'kept;'], 1])
  })

  test('black hole: the handshake of a connection that lay unused counts from its first use', async () => {
    const { proxy, clock, heard } = await talking()
    const stop = await proxy.apply({ type: 'blackhole' })
    const spare = await dial(stops, proxy.port)
    await clock.advance(2000)
    spare.write('used;')
    await until(() => proxy.connections === 2)
    await rounds()
    await stop()
    // Its SYN goes out again 1.02 s after the first use; one of the dial's own would after 3.06 s in all.
    await clock.advance(1019)
    await rounds()
    expect(heard).toEqual(['one;'])
    await clock.advance(1)
    await until(() => heard.length === 2)
  })

  test('refuse: nobody listens; an answer under way comes, a request on a kept connection finds nobody', async () => {
    const { proxy, client, peers } = await talking()
    const stop = await proxy.apply({ type: 'refuse' })
    await expect(dial(stops, proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    peers[0]?.write('still')
    expect(await client.told()).toBe('still')
    client.write('two;')
    await until(() => client.lost() === 'ECONNRESET')
    await stop()
    await dial(stops, proxy.port)
  })

  test('refuse: what has become a WebSocket stays open', async () => {
    const { proxy, client, heard, peers } = await talking()
    peers[0]?.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await client.told()
    await proxy.apply({ type: 'refuse' })
    client.write('two;')
    await client.told()
    expect(heard).toEqual(['one;', 'two;'])
  })

  test('reset: what is sent is acted upon, its answer is lost; with afterBytes so much of it comes', async () => {
    const { proxy, client, heard } = await talking()
    const stop = await proxy.apply({ type: 'reset' })
    client.write('two;')
    await until(() => client.lost() === 'ECONNRESET')
    expect([heard, client.all()]).toEqual([['one;', 'two;'], 're:one;'])
    await stop()
    await proxy.apply({ type: 'reset', afterBytes: 3 })
    const next = await dial(stops, proxy.port)
    next.write('three;')
    await until(() => next.lost() !== null || next.destroyed)
    expect(['', 're:']).toContain(next.all())
  })

  test('reset up: the request never arrives whole', async () => {
    const { proxy, client, heard } = await talking()
    await proxy.apply({ type: 'reset', afterBytes: 2, only: { direction: 'up' } })
    client.write('two;')
    await until(() => client.lost() === 'ECONNRESET')
    expect(['one;', 'one;tw']).toContain(heard.join(''))
  })

  test('reset strikes an open WebSocket at once', async () => {
    const { proxy, client, peers } = await talking()
    peers[0]?.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await client.told()
    await proxy.apply({ type: 'reset' })
    await until(() => client.lost() === 'ECONNRESET')
  })

  test('the same fault a second time counts anew', async () => {
    const { proxy, client } = await talking()
    const fault = { type: 'reset', afterBytes: 8 } as const
    for (const _ of [1, 2]) {
      const stop = await proxy.apply(fault)
      client.write('two;')
      expect(await client.told()).toBe('re:two;')
      await stop()
    }
  })

  test('truncate: so many bytes, and then the end', async () => {
    const { proxy, client } = await talking()
    await proxy.apply({ type: 'truncate', bytes: 5 })
    client.write('two;')
    await once(client, 'end')
    expect([client.all(), client.lost()]).toEqual(['re:one;re:tw', null])
  })

  test('truncate spares what has become a WebSocket', async () => {
    const { proxy, client, peers } = await talking()
    peers[0]?.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await client.told()
    await proxy.apply({ type: 'truncate', bytes: 5 })
    const next = Promise.race([client.told(), once(client, 'end').then(() => 'the end')])
    client.write('two;')
    expect(await next).toBe('re:two;')
  })

  test('black hole down alone: what is sent is acted upon, its answer comes at the next retransmission', async () => {
    const { proxy, client, heard, clock } = await talking()
    const stop = await proxy.apply({ type: 'blackhole', only: { direction: 'down' } })
    client.write('two;')
    await until(() => heard.length === 2)
    await rounds()
    await clock.advance(300)
    await stop()
    // 0.21 s was in the hole, the next is at 0.63 s.
    await clock.advance(329)
    await rounds()
    expect(client.all()).toBe('re:one;')
    await clock.advance(1)
    await until(() => client.all() === 're:one;re:two;')
  })

  test('lost: what is open never delivers again, not even an end, also after it is over; new ones pass', async () => {
    const { proxy, client, heard, peers, clock } = await talking()
    const stop = await proxy.apply({ type: 'lost' })
    const next = await dial(stops, proxy.port)
    next.write('new;')
    await next.told()
    await stop()
    client.write('two;')
    peers[0]?.end('bye')
    await rounds()
    await clock.advance(600_000)
    await rounds()
    expect([heard, client.all(), client.readableEnded]).toEqual([['one;', 'new;'], 're:one;', false])
  })

  test('lost for WebSockets alone spares HTTP', async () => {
    const { proxy, client, heard } = await talking()
    await proxy.apply({ type: 'lost', only: { transport: 'ws' } })
    client.write('two;')
    await client.told()
    expect(heard).toEqual(['one;', 'two;'])
  })

  test('faults compose: slow, and in a hole, and one is over before the other', async () => {
    const { proxy, client, heard, clock } = await talking()
    const fast = await proxy.apply({ type: 'latency', ms: 200 })
    const through = await proxy.apply({ type: 'blackhole' })
    client.write('two;')
    await until(() => clock.pending() === 1)
    await clock.advance(150)
    await through()
    await fast()
    // Into the hole at 100 ms, sent again 210 ms later.
    await clock.advance(159)
    await rounds()
    expect(heard).toEqual(['one;'])
    await clock.advance(1)
    await until(() => heard.length === 2)
  })

  test('a stream that is not read holds its sender up instead of filling the memory', async () => {
    const { proxy, client, peers } = await talking()
    client.pause()
    const [peer] = peers
    const piece = Buffer.alloc(1 << 20)
    for (let n = 0; n < 256; n += 1) {
      peer!.write(piece)
      await new Promise(setImmediate)
    }
    await rounds()
    // What loopback's own buffers took is gone from here; the rest waits at its sender.
    expect(peer!.writableLength).toBeGreaterThan(128 << 20)
    expect(proxy.connections).toBe(1)
  })
})

describe('the proxy', () => {
  test('refuses what is malformed, what cannot be made real and what needs the HTTP stage, by name', async () => {
    const { proxy } = await echo(stops)
    const refusal = (fault: object) => proxy.apply(fault as never).catch((error: Error) => error.message)
    expect(await refusal({ type: 'latency', ms: '5' })).toContain('fault.ms is "5"')
    expect(await refusal({ type: 'nonsense' })).toContain('fault.type is "nonsense"')
    expect(await refusal({ type: 'lie', onLine: true })).toContain('lie cannot be made real')
    expect(await refusal({ type: 'clockSkew', ms: 5 })).toContain('clockSkew cannot be made real')
    expect(await refusal({ type: 'offline' })).toContain('the device is elsewhere')
    expect(await refusal({ type: 'portal' })).toContain('gateway is false; allowed: true')
    expect(await refusal({ type: 'refuse', only: { path: '/a' } })).toContain('gateway is false')
    await expect(proxy.mode('sideways' as never)).rejects.toThrow('mode is "sideways"')
    await expect(createFaultProxy({ target: { port: 0 } })).rejects.toThrow('target.port is 0')
    await expect(createFaultProxy({ target: { port: 1 }, gatway: true } as never)).rejects.toThrow('gatway')
  })

  test('a port that is taken rejects, and leaves nothing behind', async () => {
    const { proxy } = await echo(stops)
    for (const options of [{ port: proxy.port }, { control: proxy.port }]) {
      const before = process.getActiveResourcesInfo().length
      const taken = createFaultProxy({ target: { port: 1 }, gateway: true, ...options })
      await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' })
      await until(() => process.getActiveResourcesInfo().length <= before)
    }
  })

  test('stop in the midst of everything leaves no socket, timer or server', async () => {
    const open = (kind: RegExp) => process.getActiveResourcesInfo().filter((name) => kind.test(name)).length
    await until(() => open(/^TCP/) === 0)
    const timers = open(/^Timeout/)
    const mine: Stops = []
    const { proxy } = await echo(mine, { gateway: true, control: true })
    await proxy.apply({ type: 'latency', ms: 60_000 })
    await proxy.apply({ type: 'status', code: 500 })
    const raw = await dial(mine, proxy.port)
    raw.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await proxy.apply({ type: 'lost' })
    const next = await dial(mine, proxy.port)
    next.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await proxy.mode('blackhole')
    const refusing = proxy.mode('refuse')
    await proxy.mode('pass')
    await refusing
    const control = connect(proxy.control!.port, '127.0.0.1')
    await once(control, 'connect')
    mine.push(() => control.destroy())
    const meanwhile = open(/^Timeout/)
    await proxy.stop()
    expect([proxy.connections, open(/^Timeout/) < meanwhile]).toEqual([0, true])
    await undo(mine)
    // One of the test runner's own may have been there at first, and be over.
    await until(() => open(/^TCP/) === 0 && open(/^Timeout/) <= timers)
  })
})
