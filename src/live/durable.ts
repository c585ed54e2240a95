/** `holdfast/live/durable`: messages that outlive their page: into a queue as data, and out of it over the channel, under the key of the action. */
import { badOption, checkKeys, checkNumber, HoldfastError, type HoldfastErrorCode } from '../core/errors.js'
export type { ChannelDurable, DurableOptions, DurableQueue, DurableSent } from './durable-port.js'
import type {
  ChannelDurable,
  DurableDoor,
  DurableEnd,
  DurableQueue,
  DurableSend,
  DurableSent,
} from './durable-port.js'
import type { Settled } from './outbox.js'
import { isolated } from './isolated.js'

/** What the queue's handler is called with, as far as messages care. */
interface SendMessage {
  readonly payload: unknown
  /** The id of the message: the same on every attempt, in every tab. */
  readonly key: string
  readonly signal: AbortSignal
}

/** The queue's handler. */
export interface MessageHandler {
  /** The server knows each id for 24 h. */
  readonly honoursKeys: true
  /** Whether the channel would send now; if not, `again` is called when it does. */
  ready(again: () => void): boolean
  /** Sends it once; resolves when the server has it. What is no message throws at once. */
  send(sending: SendMessage): Promise<{ readonly offset: number }>
}

/** Both ends of durable messages. */
export interface DurableMessages {
  /** For the queue: `handlers: { message: messages.handler }`. */
  readonly handler: MessageHandler
  /**
   * For the channel: `durable: messages.through(queue)`.
   *
   * @param queue one of `createQueue`; it sends while this page's channel is open
   * @param name of the handler in that queue. Default: `message`
   * @throws `bad-option`
   */
  through(queue: DurableQueue, name?: string): ChannelDurable
}

/** A year: longer is never. */
const LONGEST_MS = 366 * 86_400_000

/** Codes of messages that never left, besides those that a queue knows itself. */
const NOT_SENT: readonly HoldfastErrorCode[] = ['link-down', 'channel-full', 'signed-out']

/**
 * Messages that go through a durable queue (`holdfast/queue`), so that they survive a reload and a crash:
 *
 *     const messages = durableMessages()
 *     const queue = createQueue({ …, handlers: { message: messages.handler } })
 *     const channel = createChannel({ …, durable: messages.through(queue) })
 *     channel.send('chat', { text }, { policy: 'durable', label: 'Message to Ada' })
 *
 * Each is kept before it is sent, and sent in its turn as soon as the channel is live; what may have been lost on the
 * way is sent again under the same id, which the server takes once. The queue's list shows it meanwhile.
 */
export function durableMessages(): DurableMessages {
  let door: DurableDoor | null = null
  const waiting = new Set<() => void>()

  const join = (given: DurableDoor): void => {
    if (door)
      throw badOption('channel.durable', 'one that another channel has', 'durableMessages() of its own')
    door = given
  }

  return {
    handler: {
      honoursKeys: true,
      ready(again) {
        if (door?.sender.isOpen) return true
        waiting.add(again)
        door?.onWaiting()
        return false
      },
      send: (sending) => sendOnce(door, sending),
    },
    through(queue, name = 'message') {
      if (typeof queue?.enqueue !== 'function')
        throw badOption('durableMessages.through', queue, 'a queue, made by createQueue')
      return {
        join(given) {
          join(given)
          return {
            get isWaiting() {
              return waiting.size > 0
            },
            look() {
              if (!given.sender.isOpen) return
              const all = [...waiting]
              waiting.clear()
              for (const again of all) again()
            },
            send: sendThrough(queue, name, given),
          }
        },
      }
    },
  }
}

/** Into the queue; settles with its outcome. */
function sendThrough(queue: DurableQueue, handler: string, { clock, sender }: DurableDoor): DurableSend {
  return async (topic, data, options) => {
    checkKeys('send', options, ['policy', 'label', 'lane', 'expiresInMs', 'onKept'])
    const { label, lane = `topic ${topic}`, expiresInMs, onKept } = options
    for (const [name, text] of Object.entries({ label, lane }))
      if (typeof text !== 'string' || !text) throw badOption(`send.${name}`, text, 'a text that is not empty')
    if (expiresInMs !== undefined) checkNumber('send.expiresInMs', expiresInMs, 1, LONGEST_MS)
    if (onKept !== undefined && typeof onKept !== 'function')
      throw badOption('send.onKept', onKept, 'a function')
    sender.check(topic, data)
    const { key, settled } = await queue.enqueue({
      ...{ handler, label, lane },
      // As the wire has it, so that each attempt says the same.
      payload: { topic, data: JSON.parse(JSON.stringify(data)) as unknown },
      ...(expiresInMs === undefined ? {} : { expiresAt: clock.now() + expiresInMs }),
    })
    if (onKept) isolated(onKept)
    return sentOf(key, await settled)
  }
}

/** Out of the queue, over the channel. The queue alone repeats what was said on a socket; requests repeat themselves. */
function sendOnce(
  door: DurableDoor | null,
  { payload, key, signal }: SendMessage,
): Promise<{ offset: number }> {
  if (!door) throw new HoldfastError('stopped', 'there is no channel')
  const { sender } = door
  const { topic, data } = payload as { readonly topic: string; readonly data: unknown }
  sender.check(topic, data)
  return new Promise((resolve, reject) => {
    const hear = (how: Settled): void =>
      how.name === 'acknowledged' ? resolve({ offset: how.offset }) : reject(failureOf(how))
    const takeBack = sender.post(
      topic,
      data,
      { id: key, policy: sender.door?.isSocket ? 'drop' : 'keep' },
      hear,
    )
    signal.addEventListener('abort', takeBack, { once: true })
  })
}

/** In words that the queue reads. */
function failureOf({ code, detail }: Settled & { readonly name: 'failed' }): HoldfastError {
  return Object.assign(new HoldfastError(code, detail), {
    ...(NOT_SENT.includes(code) && { holdfast: { outcome: 'not-sent' } }),
    response: { data: { detail } },
  })
}

/** What the caller is told. */
function sentOf(id: string, end: DurableEnd): DurableSent {
  const { outcome, result, why } = end
  if (outcome === 'confirmed') {
    const { offset } = (result ?? {}) as { readonly offset?: unknown }
    return { id, offset: typeof offset === 'number' ? offset : null }
  }
  if ('error' in end) throw end.error
  const code =
    outcome === 'failed'
      ? why === 'expired'
        ? why
        : 'rejected'
      : outcome === 'unconfirmed'
        ? 'maybe-committed'
        : outcome
  throw new HoldfastError(code, end.detail ?? (code === why ? '' : why))
}
