/** Messages on their way out: promises over the outbox, and which door they take. */
import type { Stop } from '../core/clock.js'
import { badOption, checkKeys, checkNumber, HoldfastError } from '../core/errors.js'
import { isDown, type Connection } from '../core/state.js'
import { isTopic } from './frames.js'
import {
  EMPTY_OUTBOX,
  nextOut,
  outboxDueAt,
  outboxStep,
  unacknowledgedSince,
  type Message,
  type OutboxEvent,
  type OutboxLimits,
  type SendPolicy,
} from './outbox.js'

/** How a message is sent. */
export interface SendOptions {
  /**
   * What becomes of it while the channel is not live. `keep` (default): it waits, and is sent again with the same id
   * until it is acknowledged, for 23 h at most. `latest`: the same, but a newer one of its topic and `key` takes its
   * place while it was never sent. `expire`: as `keep`, for `expiresInMs`. `drop`: now or never, and never twice.
   */
  policy?: SendPolicy | 'expire'
  /** Given up after so many ms, whatever the policy; at least 1. Default: never. Required with `expire`. */
  expiresInMs?: number
  /** With `latest`: what it is the latest of, besides the topic. Default: nothing else. */
  key?: string
}

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
  send(topic: string, data: unknown, options?: SendOptions): Promise<Sent>
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
  readonly createId: () => string
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
/** A day: nothing waits longer. */
const LONGEST_MS = 24 * 3_600_000
/** `{"type":"SEND",` */
const FRAME_BYTES = 15

/** Makes one. */
export function createSender(ports: SenderPorts): Sender {
  const { connection, limits, onChange, onDeaf } = ports
  const { clock } = connection
  const waiters = new Map<string, { resolve(sent: Sent): void; reject(error: HoldfastError): void }>()
  let outbox = EMPTY_OUTBOX
  let door: Door | null = null
  let deaf = 0
  let timer: Stop = () => {}

  function tell(event: OutboxEvent): void {
    const [next, settled] = outboxStep(outbox, event, limits)
    outbox = next
    for (const one of settled) {
      const waiter = waiters.get(one.id)
      waiters.delete(one.id)
      if (one.name === 'acknowledged') {
        deaf = 0
        waiter?.resolve({ id: one.id, offset: one.offset })
      } else waiter?.reject(new HoldfastError(one.code, one.detail))
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

  return {
    get size() {
      return outbox.messages.length
    },
    get door() {
      return door
    },
    send: (topic, data, options = {}) =>
      new Promise((resolve, reject) => {
        const message = createMessage({
          topic,
          data,
          options,
          now: clock.now(),
          id: ports.createId(),
        })
        if (message.bytes + FRAME_BYTES > ports.maxFrameBytes)
          throw badOption(
            'send.data',
            `${message.bytes} bytes`,
            `at most ${ports.maxFrameBytes} with its frame`,
          )
        waiters.set(message.id, { resolve, reject })
        tell({ type: 'accept', message, isOpen: isOpen() })
        onChange()
      }),
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

const OPTIONS = ['policy', 'expiresInMs', 'key'] as const
const POLICIES: readonly unknown[] = ['keep', 'latest', 'drop', 'expire']

interface Given {
  readonly topic: string
  readonly data: unknown
  readonly options: SendOptions
  readonly now: number
  readonly id: string
}

/** Checks what was given, and fixes id and bytes. @throws `bad-option` */
function createMessage({ topic, data, options, now, id }: Given): Message {
  checkKeys('send', options, OPTIONS)
  const { policy = 'keep', expiresInMs, key = '' } = options
  if (!isTopic(topic))
    throw badOption('send.topic', topic, '1 to 64 visible ASCII characters without a comma')
  if (!POLICIES.includes(policy)) throw badOption('send.policy', policy, POLICIES.join(', '))
  if (expiresInMs !== undefined || policy === 'expire')
    checkNumber('send.expiresInMs', expiresInMs, 1, LONGEST_MS)
  if (typeof key !== 'string') throw badOption('send.key', key, 'a text')
  const text = asJson(data)
  const body = `{"id":${JSON.stringify(id)},"topic":${JSON.stringify(topic)},"data":${text}}`
  return {
    id,
    topic,
    body,
    bytes: new TextEncoder().encode(body).byteLength,
    policy: policy === 'expire' ? 'keep' : policy,
    key,
    expiresAt: now + (expiresInMs ?? Infinity),
    firstSentAt: null,
    on: null,
    sentAt: 0,
  }
}

function asJson(data: unknown): string {
  try {
    const text: unknown = JSON.stringify(data)
    if (typeof text === 'string') return text
  } catch {
    // Said below.
  }
  throw badOption('send.data', typeof data, 'what JSON can say, and not undefined')
}
