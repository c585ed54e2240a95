/** A WebSocket, without the kit: it resumes by cursor, comes back after a fixed time, and leaves what is silent. */
import type { ClientPorts, RawClient } from './clients.js'
import type { Frame } from './diary.js'
import { createWatch } from './watch.js'

/** Dials at once. */
export function followSocket({ world, diary, retryMs, topic }: ClientPorts): RawClient {
  const { baseURL, clock, WebSocket } = world
  let number = 0
  let current: WebSocket | null = null

  const say = (frame: Frame): void => {
    if (current?.readyState !== 1) return
    diary.leaves(`ws ${String(frame['type'])}`)
    current.send(JSON.stringify(frame))
  }
  const dial = (): void => {
    const on = ++number
    const isCurrent = () => on === number
    diary.leaves('ws dial')
    const socket = new WebSocket(`${baseURL.replace(/^http/, 'ws')}/ws`)
    current = socket
    watch.heard()
    socket.onopen = () => {
      diary.note(on, 'open')
      if (!isCurrent()) return
      watch.heard()
      say({ type: 'SUBSCRIBE', topic, ...(diary.cursor !== undefined && { cursor: diary.cursor }) })
    }
    socket.onmessage = ({ data }) => {
      diary.frames(on, [JSON.parse(String(data)) as Frame])
      if (isCurrent()) watch.heard()
    }
    socket.onerror = () => diary.note(on, 'error')
    socket.onclose = ({ code, reason, wasClean }) => {
      diary.closed(on, code, reason, wasClean)
      if (isCurrent()) watch.again(retryMs)
    }
  }
  const watch = createWatch(clock, {
    silent() {
      diary.note(number, 'given up')
      diary.leaves('ws close')
      const left = current
      number += 1
      left?.close(4000, 'silent')
      number -= 1
      watch.asks()
      dial()
    },
    begin: dial,
  })
  dial()
  return {
    ping: () => say({ type: 'PING' }),
    stop() {
      watch.stop()
      current?.close()
    },
  }
}
