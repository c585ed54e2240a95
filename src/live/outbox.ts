/** What waits to be sent, or to be acknowledged: a bound, a policy for each message, and order within a topic. Pure. */
import type { HoldfastErrorCode } from '../core/errors.js'

/**
 * What becomes of a message that cannot be sent now. `keep`: it waits, and is sent again until it is acknowledged.
 * `latest`: as `keep`, but a newer one of its topic and key takes its place while it was never sent. `drop`: it is
 * sent now or not at all, and never twice.
 */
export type SendPolicy = 'keep' | 'latest' | 'drop'

/** One message. Id and bytes are fixed before the first of them is sent. */
export interface Message {
  readonly id: string
  readonly topic: string
  /** Id, topic and data, as JSON. */
  readonly body: string
  /** Of the body, in UTF-8. */
  readonly bytes: number
  readonly policy: SendPolicy
  /** What `latest` is the latest of. */
  readonly key: string
  /** When it is given up (epoch ms); Infinity: never. */
  readonly expiresAt: number
  /** When it first went out; null: never. */
  readonly firstSentAt: number | null
  /** On which line it went out last and may be acknowledged; null: it waits. */
  readonly on: number | null
  /** When it went out there (epoch ms). */
  readonly sentAt: number
}

/** All messages, in order of acceptance. */
export interface Outbox {
  readonly messages: readonly Message[]
  readonly bytes: number
}

/** How much may wait, and for how long a message may be repeated. */
export interface OutboxLimits {
  readonly maxMessages: number
  readonly maxBytes: number
}

/** What happens to it. */
export type OutboxEvent =
  /** `isOpen`: it would go out now. */
  | { readonly type: 'accept'; readonly message: Message; readonly isOpen: boolean }
  | { readonly type: 'sent'; readonly id: string; readonly on: number; readonly now: number }
  /** It was refused for the moment, and waits again. */
  | { readonly type: 'later'; readonly id: string; readonly on: number }
  /** The line in use is gone. What may not wait ends; the rest is what `moved` finds when there is another one. */
  | { readonly type: 'lost'; readonly on: number }
  /** Another line has taken over: what is not acknowledged goes out there, before anything newer. */
  | { readonly type: 'moved'; readonly to: number }
  | { readonly type: 'acknowledged'; readonly id: string; readonly offset: number }
  | {
      readonly type: 'refused'
      readonly id: string
      readonly code: HoldfastErrorCode
      readonly detail: string
    }
  | { readonly type: 'time'; readonly now: number }
  | { readonly type: 'stop'; readonly code: 'stopped' | 'signed-out' }

/** How a message ended. */
export type Settled =
  | { readonly id: string; readonly name: 'acknowledged'; readonly offset: number }
  | {
      readonly id: string
      readonly name: 'failed'
      readonly code: HoldfastErrorCode
      readonly detail?: string
    }

/** The next outbox, and what has ended. */
export type OutboxStep = readonly [Outbox, readonly Settled[]]

/** Nothing. */
export const EMPTY_OUTBOX: Outbox = { messages: [], bytes: 0 }

/**
 * Counted from its first sending a message is repeated only so long: the server knows its id for 24 h
 * (docs/spec/architecture.md, "The wire"), and an hour is left for clocks that differ.
 */
export const REPEAT_WITHIN_MS = 23 * 3_600_000

/** One step. */
export function outboxStep(outbox: Outbox, event: OutboxEvent, limits: OutboxLimits): OutboxStep {
  switch (event.type) {
    case 'accept':
      return accept(outbox, event.message, event.isOpen, limits)
    case 'sent': {
      const { on, now } = event
      return [
        change(outbox, event.id, (one) => ({ ...one, on, sentAt: now, firstSentAt: one.firstSentAt ?? now })),
        [],
      ]
    }
    case 'later':
      return [change(outbox, event.id, (one) => (one.on === event.on ? { ...one, on: null } : one)), []]
    case 'lost':
      return end(outbox, (one) =>
        one.policy === 'drop' && (one.on === null || one.on === event.on) ? given(one, 'link-down') : null,
      )
    case 'moved':
      return end(outbox, never, (one) =>
        one.on === null || one.on === event.to || one.policy === 'drop' ? one : { ...one, on: null },
      )
    case 'acknowledged': {
      const { id, offset } = event
      return [without(outbox, id), has(outbox, id) ? [{ id, name: 'acknowledged', offset }] : []]
    }
    case 'refused': {
      const { id, code, detail } = event
      return [without(outbox, id), has(outbox, id) ? [{ id, name: 'failed', code, detail }] : []]
    }
    case 'time':
      return end(outbox, (one) => (endsAt(one) > event.now ? null : given(one, 'expired')))
    case 'stop':
      return end(outbox, (one) => given(one, event.code))
  }
}

/** Whoever was never sent ends with that; of the others nobody knows. */
const given = ({ firstSentAt }: Message, code: HoldfastErrorCode): HoldfastErrorCode =>
  firstSentAt === null ? code : 'maybe-committed'

const endsAt = ({ expiresAt, firstSentAt }: Message): number =>
  Math.min(expiresAt, firstSentAt === null ? Infinity : firstSentAt + REPEAT_WITHIN_MS)

/** When `time` has something to do next (epoch ms); Infinity: never. */
export const outboxDueAt = ({ messages }: Outbox): number => Math.min(Infinity, ...messages.map(endsAt))

/** Since when the longest is waited for an acknowledgement on this line (epoch ms); Infinity: for none. */
export const unacknowledgedSince = ({ messages }: Outbox, line: number): number =>
  Math.min(Infinity, ...messages.filter(({ on }) => on === line).map(({ sentAt }) => sentAt))

/**
 * The one that goes out next; undefined: none.
 *
 * @param oneATopic whether of a topic only one may be on its way (requests overtake each other, frames do not).
 */
export function nextOut({ messages }: Outbox, oneATopic: boolean): Message | undefined {
  const busy = new Set<string>()
  return messages.find(({ on, topic }) => {
    if (on === null && !busy.has(topic)) return true
    if (oneATopic) busy.add(topic)
    return false
  })
}

function accept(outbox: Outbox, message: Message, isOpen: boolean, limits: OutboxLimits): OutboxStep {
  const fail = (code: HoldfastErrorCode): OutboxStep => [outbox, [{ id: message.id, name: 'failed', code }]]
  if (message.policy === 'drop' && !isOpen) return fail('link-down')
  const older =
    message.policy === 'latest'
      ? outbox.messages.find(
          ({ policy, topic, key, firstSentAt }) =>
            policy === 'latest' && topic === message.topic && key === message.key && firstSentAt === null,
        )
      : undefined
  const { messages, bytes } = older ? without(outbox, older.id) : outbox
  if (messages.length >= limits.maxMessages || bytes + message.bytes > limits.maxBytes)
    return fail('channel-full')
  return [
    { messages: [...messages, message], bytes: bytes + message.bytes },
    older ? [{ id: older.id, name: 'failed', code: 'replaced' }] : [],
  ]
}

const has = ({ messages }: Outbox, id: string): boolean => messages.some((one) => one.id === id)

function without(outbox: Outbox, id: string): Outbox {
  const gone = outbox.messages.find((one) => one.id === id)
  if (!gone) return outbox
  return { messages: outbox.messages.filter((one) => one !== gone), bytes: outbox.bytes - gone.bytes }
}

const change = (outbox: Outbox, id: string, to: (one: Message) => Message): Outbox => ({
  ...outbox,
  messages: outbox.messages.map((one) => (one.id === id ? to(one) : one)),
})

const never = (): null => null

/** Ends those for which there is a reason, and changes the others. */
function end(
  { messages }: Outbox,
  why: (one: Message) => HoldfastErrorCode | null,
  to: (one: Message) => Message = (one) => one,
): OutboxStep {
  const settled: Settled[] = []
  const left: Message[] = []
  for (const one of messages) {
    const code = why(one)
    if (code) settled.push({ id: one.id, name: 'failed', code })
    else left.push(to(one))
  }
  return [{ messages: left, bytes: left.reduce((sum, one) => sum + one.bytes, 0) }, settled]
}
