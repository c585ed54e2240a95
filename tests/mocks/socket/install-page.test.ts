import { expect, onTestFinished, test } from 'vitest'
import { installPage } from '../../../mocks/install-page.js'
import { createSocketDesk } from './rig.js'

test('a page whose WebSocket is on the network: its hosts there, others and everything afterwards as before', async () => {
  const { network, clock } = createSocketDesk()
  const original = globalThis.WebSocket
  const uninstall = installPage(network, { webSocket: true })
  onTestFinished(uninstall)
  const socket = new WebSocket('wss://api.example/echo')
  await clock.advance(40)
  expect([socket.readyState, WebSocket.OPEN]).toEqual([1, 1])
  expect(socket).toBeInstanceOf(WebSocket)
  expect(() => new WebSocket('wss://api.example/#a')).toThrow('fragment identifier')
  const other = new WebSocket('ws://127.0.0.1:9/')
  expect(other).toBeInstanceOf(original)
  expect(other).not.toBeInstanceOf(network.WebSocket)
  const failed = new Promise((resolve) => (other.onclose = resolve))
  await failed
  uninstall()
  expect(globalThis.WebSocket).toBe(original)
})

test("without the option WebSocket stays the page's own; a bad option is refused by name", () => {
  const { network } = createSocketDesk()
  const original = globalThis.WebSocket
  installPage(network)()
  expect(globalThis.WebSocket).toBe(original)
  expect(() => installPage(network, { webSocket: 1 } as never)).toThrow('webSocket is 1')
  expect(() => installPage(network, { websocket: true } as never)).toThrow('websocket')
})
