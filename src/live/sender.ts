/** Messages on their way out: promises over the outbox, and which door they take. */
import type { Stop } from '../core/clock.js'
import { badOption, HoldfastError } from '../core/errors.js'
import { createKey } from '../core/key.js'
import { isDown, type Connection } from '../core/state.js'
import { createMessage, type SendOptions } from './message.js'
import {
  EMPTY_OUTBOX,
  nextOut,
  outboxDueAt,
  outboxStep,
  unacknowledgedSince,
  type Message,
  type OutboxEvent,
  type OutboxLimits,
  type Settled,
} from './outbox.js'

/** A message that the server has. */
export interface Sent {
  /** The id under which the server knows it. */
  readonly id: string
  /** Its place among the events. */
  readonly offset: number
}

/** The door in use. */
export interface Door {
  /** The line; requests have one number for all, because they do not end with a stream. */
  readonly line: number
  readonly isSocket: boolean
}

/** The line of everything that is posted. */
export const BY_REQUEST = -1

/** Messages on their way out. */
export interface Sender {
  /** How many are not settled. */
  readonly size: number
  readonly door: Door | null
  /** Whether a message would go out now. */
  readonly isOpen: boolean
  /** Refuses what cannot be sent, ever. @throws `bad-option` */
  check(topic: string, data: unknown): void
  send(topic: string, data: unknown, options?: SendOptions): Promise<Sent>
  /** The same; `hear` is told how it ended, once. The returned function takes it back. @throws `bad-option` */
  post(topic: string, data: unknown, options: SendOptions, hear: (how: Settled) => void): Stop
  /** Which door is open now; null: none. */
  setDoor(door: Door | null): void
  /** Whether something waits to go out by this line. */
  peek(line: number): boolean
  /** The next one; it counts as sent there. Null: none. */
  take(line: number): Message | null
  tell(event: OutboxEvent): void
  /** Ends all: what was never sent with this code. */
  stop(code: 'stopped' | 'signed-out'): void
}

/** What it is made with. */
export interface SenderPorts {
  readonly connection: Connection
  readonly limits: OutboxLimits
  /** In bytes: the largest frame that the server takes; a larger one would end the line for good (1009). */
  readonly maxFrameBytes: number
  /** There is something to send, or something has ended. */
  readonly onChange: () => void
  /** The line lives, but does not acknowledge. */
  readonly onDeaf: () => void
}

/** An acknowledgement that is missing for so long does not come: the server forgot it. */
const ACKNOWLEDGED_WITHIN_MS = 30_000
/** So often a line is opened anew for that; then it is said that nobody knows. */
const MOST_DEAF = 3
/** `{"type":"SEND",` */
const FRAME_BYTES = 15

/** Makes one. */
export function createSender(ports: SenderPorts): Sender {
  const { connection, limits, onChange, onDeaf } = ports
  const { clock, random } = connection
  const waiters = new Map<string, (how: Settled) => void>()
  let outbox = EMPTY_OUTBOX
  let door: Door | null = null
  let deaf = 0
  let timer: Stop = () => {}

  function tell(event: OutboxEvent): void {
    const [next, settled] = outboxStep(outbox, event, limits)
    outbox = next
    for (const one of settled) {
      if (one.name === 'acknowledged') deaf = 0
      const hear = waiters.get(one.id)
      waiters.delete(one.id)
      hear?.(one)
    }
    setTimer()
    if (settled.length > 0) onChange()
  }

  function setTimer(): void {
    timer()
    timer = () => {}
    const dueAt = Math.min(outboxDueAt(outbox), deafAt())
    if (dueAt < Infinity) timer = clock.setTimeout(onTime, dueAt - clock.now())
  }
  const deafAt = (): number =>
    door?.isSocket ? unacknowledgedSince(outbox, door.line) + ACKNOWLEDGED_WITHIN_MS : Infinity

  function onTime(): void {
    const now = clock.now()
    const isDeaf = now >= deafAt()
    tell({ type: 'time', now })
    if (!isDeaf || !door) return
    deaf += 1
    if (deaf <= MOST_DEAF) return onDeaf()
    deaf = 0
    const { line } = door
    for (const { id, on } of outbox.messages)
      if (on === line) tell({ type: 'refused', id, code: 'maybe-committed', detail: 'never acknowledged' })
  }

  const isOpen = (): boolean => door !== null && (door.isSocket || !isDown(connection.state.link))

  /** @throws `bad-option` */
  function messageOf(topic: string, data: unknown, options: SendOptions = {}): Message {
    const id = options.id ?? createKey(clock, random)
    const message = createMessage(topic, data, { ...options, id }, clock.now())
    if (message.bytes + FRAME_BYTES > ports.maxFrameBytes)
      throw badOption('send.data', `${message.bytes} bytes`, `at most ${ports.maxFrameBytes} with its frame`)
    return message
  }

  function post(topic: string, data: unknown, options: SendOptions = {}, hear: (how: Settled) => void): Stop {
    const message = messageOf(topic, data, options)
    const { id } = message
    if (waiters.has(id)) throw badOption('send.id', id, 'one that is not under way')
    waiters.set(id, hear)
    tell({ type: 'accept', message, isOpen: isOpen() })
    onChange()
    return () => tell({ type: 'refused', id, code: 'stopped', detail: '' })
  }

  return {
    get size() {
      return outbox.messages.length
    },
    get door() {
      return door
    },
    get isOpen() {
      return isOpen()
    },
    check: messageOf,
    post,
    send: (topic, data, options) =>
      new Promise((resolve, reject) =>
        post(topic, data, options, (how) =>
          how.name === 'acknowledged'
            ? resolve({ id: how.id, offset: how.offset })
            : reject(new HoldfastError(how.code, how.detail)),
        ),
      ),
    setDoor(next) {
      if (next?.line === door?.line) return
      door = next
      if (next) tell({ type: 'moved', to: next.line })
      else setTimer()
    },
    peek: (line) => door?.line === line && nextOut(outbox, !door.isSocket) !== undefined,
    take(line) {
      const next = door?.line === line ? nextOut(outbox, !door.isSocket) : undefined
      if (!next) return null
      tell({ type: 'sent', id: next.id, on: line, now: clock.now() })
      return next
    },
    tell,
    stop(code) {
      door = null
      tell({ type: 'stop', code })
      timer()
    },
  }
}
