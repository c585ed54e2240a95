import { expect, test } from 'vitest'
import { createSocketDesk } from './rig.js'
import { refusals } from './table.js'

test('the class takes and refuses what a WebSocket does, in the same words (compared with Chromium in tests/restart)', () => {
  const { network } = createSocketDesk()
  const lines = refusals(network.WebSocket)
  expect(lines).toHaveLength(56)
  const of = (name: string) => lines.find((line) => line.startsWith(`${name}:`))
  expect(of('fragment')).toContain('DOMException SyntaxError')
  expect(of('twice the same')).toContain(
    "DOMException SyntaxError Failed to construct 'WebSocket': The subprotocol 'a'",
  )
  expect(of('close 1001')).toContain('DOMException InvalidAccessError')
  expect(of('send while connecting')).toContain('DOMException InvalidStateError')
  expect(of('http')).toBe('http: ws://127.0.0.1:9/a 0')
})

test('relative URLs are resolved against the origin of the network', () => {
  const { network } = createSocketDesk({ origin: 'https://app.example' })
  expect(new network.WebSocket('/ws').url).toBe('wss://app.example/ws')
})

test('event handler attributes keep their place among the listeners, and null takes them out', async () => {
  const { dial, clock } = createSocketDesk()
  const { socket } = dial()
  const order: string[] = []
  socket.onopen = () => order.push('first attribute')
  socket.addEventListener('open', () => order.push('listener'))
  socket.onopen = () => order.push('attribute')
  socket.onclose = null
  expect(socket.onclose).toBe(null)
  await clock.advance(40)
  socket.close()
  await clock.advance(40)
  expect(order).toEqual(['attribute', 'listener'])
})

test('a text with half a surrogate pair arrives as a browser sends it', async () => {
  const { open, clock } = createSocketDesk()
  const { socket, lines } = await open()
  socket.send('echo \ud800!')
  await clock.advance(100)
  expect(lines[1]).toBe('message echo \ufffd!@80')
})

test('handshakes with one host are made one at a time; what is closed while it waits never dials', async () => {
  const { dial, clock, network, heard } = createSocketDesk({ hosts: ['api.example', 'other.example'] })
  const stop = network.apply({ type: 'blackhole', only: { host: 'api.example' } })
  const [first, closed, third] = [dial(), dial(), dial()]
  const other = dial('wss://other.example/')
  await clock.advance(500)
  closed.socket.close()
  stop()
  await clock.advance(2000)
  expect([first, third, other].map(({ lines }) => lines[0])).toEqual(['open@1060', 'open@1100', 'error@40'])
  expect(closed.lines).toEqual(['error@500', 'close 1006 "" unclean@500'])
  expect(heard).toEqual(['connection@1040', 'connection@1080'])
})
