/** One message: what is asked of it, checked, with its id and bytes fixed. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { isTopic } from './frames.js'
import type { Message, SendPolicy } from './outbox.js'

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
  /**
   * Its id at the server, 1 to 128 visible ASCII characters: what comes under one id within 24 h is one message, however
   * often it is sent. Default: a new one. One that is still under way is refused.
   */
  id?: string
}

/** A day: nothing waits longer. */
const LONGEST_MS = 24 * 3_600_000
const OPTIONS = ['policy', 'expiresInMs', 'key', 'id'] as const
const POLICIES: readonly unknown[] = ['keep', 'latest', 'drop', 'expire']
const ID = /^[\x21-\x7e]{1,128}$/

/** Checks what was given, and fixes id and bytes. @throws `bad-option` */
export function createMessage(
  topic: string,
  data: unknown,
  options: SendOptions & { readonly id: string },
  now: number,
): Message {
  const { policy = 'keep', expiresInMs, key = '', id } = options
  if (!isTopic(topic))
    throw badOption('send.topic', topic, '1 to 64 visible ASCII characters without a comma')
  if (!POLICIES.includes(policy))
    throw badOption('send.policy', policy, `${POLICIES.join(', ')}; durable where createChannel has it`)
  checkKeys('send', options, OPTIONS)
  if (expiresInMs !== undefined || policy === 'expire')
    checkNumber('send.expiresInMs', expiresInMs, 1, LONGEST_MS)
  if (typeof key !== 'string') throw badOption('send.key', key, 'a text')
  if (typeof id !== 'string' || !ID.test(id))
    throw badOption('send.id', id, '1 to 128 visible ASCII characters')
  const body = `{"id":${JSON.stringify(id)},"topic":${JSON.stringify(topic)},"data":${asJson(data)}}`
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
