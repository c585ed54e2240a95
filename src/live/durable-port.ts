/** The ports of durable messages: what of a channel and of a queue they use. No behaviour. */
import type { Clock } from '../core/clock.js'
import type { Sender } from './sender.js'

/** How a message is sent that outlives its page. */
export interface DurableOptions {
  /** Kept on this device before it is sent, and sent until the server has it. */
  policy: 'durable'
  /** What people read in the list of waiting changes. */
  label: string
  /** Messages of one lane go out in their order, one at a time. Default: a lane of its own for each topic. */
  lane?: string
  /** Fails as `expired` if it was never sent after so many ms; at least 1. Default: never. */
  expiresInMs?: number
  /** It is kept: from here on it survives a reload. */
  onKept?(): void
}

/** A durable message that the server has. */
export interface DurableSent {
  /** The id under which the server knows it. */
  readonly id: string
  /** Its place among the events; null: another tab has sent it, which alone was told. */
  readonly offset: number | null
}

/** Sends durable messages. Rejects as `enqueue` of the queue does, and as its action ends. */
export type DurableSend = (topic: string, data: unknown, options: DurableOptions) => Promise<DurableSent>

/** What is used of a channel. */
export interface DurableDoor {
  readonly clock: Clock
  readonly sender: Pick<Sender, 'isOpen' | 'door' | 'check' | 'post'>
  /** Something waits for the door to open. */
  onWaiting(): void
}

/** What a channel has of its durable messages. */
export interface DurableSide {
  /** Something waits for the door to open: the line is needed. */
  readonly isWaiting: boolean
  /** The door may have opened. */
  look(): void
  readonly send: DurableSend
}

/** The value of the option `durable`, made by `durableMessages()`. */
export interface ChannelDurable {
  /** One channel makes use of it. @throws `bad-option`: another one does already */
  join(door: DurableDoor): DurableSide
}

/** What is used of a queue: one of `holdfast/queue` fits. */
export interface DurableQueue {
  /** Resolves when it is kept. */
  enqueue(action: {
    readonly handler: string
    readonly payload: unknown
    readonly label: string
    readonly lane: string
    readonly expiresAt?: number
  }): Promise<{ readonly key: string; readonly settled: Promise<DurableEnd> }>
}

/** How an action of a queue came to rest. */
export interface DurableEnd {
  readonly outcome: 'confirmed' | 'failed' | 'conflict' | 'unconfirmed' | 'discarded' | 'replaced' | 'stopped'
  readonly result?: unknown
  readonly error?: unknown
  readonly why?: string
  readonly detail?: string
}
