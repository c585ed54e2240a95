/** An application's own code over a `ReconnectingWebSocket`: it subscribes anew with each line, and says what it hears. */
import { fixedHeartbeat, ReconnectingWebSocket } from '../../../src/live/index.js'
import type { Told } from './casts.js'
import { createDiary, type Frame } from './diary.js'
import type { Player, PlayWorld } from './player.js'

/** A line that is silent for so long is asked for a sign of life. */
const BEAT_MS = 1_000

/** Makes one; it begins with `open`. */
export function createReconnecting(world: PlayWorld, { startAt, tell }: Told): Player {
  const { baseURL, clock, random, signals, WebSocket } = world
  const diary = createDiary({ clock, startAt, happenings: { push: tell }, departures: { push() {} } })
  const socket = new ReconnectingWebSocket(`${baseURL.replace(/^http/, 'ws')}/ws`, undefined, {
    ...{ WebSocket, clock, signals, random: random.fork('socket'), startClosed: true },
    heartbeat: fixedHeartbeat(BEAT_MS),
  })
  const say = (frame: Frame) => socket.send(JSON.stringify(frame))
  /** The number of the line: each has one `close`. */
  let on = 1
  socket.onopen = () => {
    diary.note(on, 'open')
    say({ type: 'SUBSCRIBE', topic: 'chat', ...(diary.cursor !== undefined && { cursor: diary.cursor }) })
  }
  socket.onmessage = ({ data }) => diary.frames(on, [JSON.parse(String(data)) as Frame])
  socket.onerror = () => diary.note(on, 'error')
  socket.onclose = ({ code, reason, wasClean }) => {
    // What the kit says itself has the time in it, to the millisecond.
    diary.closed(on, code, wasClean ? reason : reason.replace(/\d+ ms/, 'so many ms'), wasClean)
    on += 1
  }
  return {
    open: () => socket.reconnect(),
    say: (number) =>
      say({ type: 'SEND', id: `said-${number}`, topic: 'chat', data: { by: 'socket', number } }),
    close: () => socket.close(),
  }
}
