import { http, HttpResponse, ws } from 'msw'
import { expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'

test('R07 sockets and streams of any handlers are sent away in one row, in the order in which they came', async () => {
  const clock = manualClock()
  const handlers = [
    ws.link('ws://api.example/ws').addEventListener('connection', () => {}),
    http.get('http://api.example/events', () => new HttpResponse(new ReadableStream())),
  ]
  const network = createNetwork({ clock, hosts: ['api.example'], handlers })
  onTestFinished(() => network.dispose())
  const told: string[] = []
  const dial = () => {
    const socket = new network.WebSocket('ws://api.example/ws')
    socket.onclose = ({ code, reason }) => told.push(`${code} ${reason}`)
  }
  const listen = async () => {
    const headers = { Accept: 'text/event-stream' }
    const answer = await network.fetch('http://api.example/events', { headers })
    told.push((await answer.text()).trim())
  }
  dial()
  void listen()
  dial()
  void listen()
  await clock.advance(100)
  network.restart.graceful({ drainMs: 1_000, downMs: 2_000 })
  await clock.advance(1_200)
  expect(told.sort()).toEqual([
    '1012 {"retryAfterMs":2000}',
    '1012 {"retryAfterMs":2010}',
    'retry: 2005',
    'retry: 2015',
  ])
})
