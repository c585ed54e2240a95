/**
 * The chat of the counter. What was heard is shown as it comes: that each message comes once and in order is the
 * channel's work. What was written stands below until it is heard.
 */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { isHoldfastError } from '../../src/index.js'
import type { Channel, ChannelEvent, ChannelState } from '../../src/live/index.js'
import { useChannel } from '../../src/vue/live.js'
import type { Standing } from './words.js'

/** One message. */
export interface Message {
  readonly kind: 'message'
  readonly key: string
  readonly from: string
  readonly text: string
  /** Of one's own: how far it is. Others' are simply there. */
  readonly sending: 'no' | 'waits' | 'sent' | { readonly failed: string }
  /** Its place in the server's log; null: not known yet. */
  readonly offset: number | null
}

/** A place where something is missing. */
export interface Hole {
  readonly kind: 'hole'
  readonly key: string
  readonly from: number
  readonly to: number
}

/** What is in the list. */
export type Entry = Message | Hole

/** Where messages wait until they can be sent. */
export type Waiting = 'in the channel' | 'in the queue'

/** The chat. */
export interface Chat {
  readonly waiting: Waiting
  readonly entries: ComputedRef<readonly Entry[]>
  readonly state: Readonly<ShallowRef<ChannelState>>
  readonly standing: Readonly<ShallowRef<Standing>>
  say(text: string): Promise<void>
}

/** What goes over the wire; the id is the application's own, to know its messages again. */
interface Content {
  readonly id: string
  readonly from: string
  readonly text: string
}

const isContent = (data: unknown): data is Content =>
  typeof data === 'object' &&
  data !== null &&
  ['from', 'text'].every((name) => typeof Reflect.get(data, name) === 'string')

/** Follows the chat while the component is mounted, as whoever has this name. */
export function useChat(channel: Channel, name: string, waiting: Waiting = 'in the channel'): Chat {
  const heard = shallowRef<readonly Entry[]>([])
  const written = shallowRef<readonly Message[]>([])
  const standing = shallowRef<Standing>({ name: 'unknown' })
  /** Up to here everything was heard, or is gone. */
  let heardTo = 0
  let count = 0

  const { state, send } = useChannel(channel, {
    topic: 'chat',
    onEvent: hear,
    onResumed: () => (standing.value = { name: 'whole' }),
    onReset() {
      heardTo = 0
      standing.value = { name: 'anew' }
    },
    onGap({ from, to }) {
      heardTo = to
      place()
      heard.value = [...heard.value, { kind: 'hole', key: `hole-${from}`, from, to }]
      standing.value = { name: 'gap', from, to }
    },
  })

  // Where it stands is told anew by each line.
  watch(
    state,
    ({ name }) => {
      if (name !== 'live') standing.value = { name: 'unknown' }
    },
    { flush: 'sync' },
  )

  function hear({ data, offset }: ChannelEvent): void {
    heardTo = offset
    if (!isContent(data)) return
    const { id, from, text } = data
    const own = written.value.find(({ key }) => key === id)
    written.value = written.value.filter((one) => one !== own)
    const message = { kind: 'message', key: id ?? `at-${offset}`, from, text, offset } as const
    heard.value = [...heard.value, { ...message, sending: own ? 'sent' : 'no' }]
  }
  /** What the server has, and what cannot be heard any more, takes its place. */
  function place(): void {
    const isPast = ({ offset }: Message) => offset !== null && offset <= heardTo
    heard.value = [...heard.value, ...written.value.filter(isPast)]
    written.value = written.value.filter((one) => !isPast(one))
  }
  const change = (key: string, to: Partial<Message>): void => {
    written.value = written.value.map((one) => (one.key === key ? { ...one, ...to } : one))
    place()
  }

  /** To whom it goes, and the message itself. */
  const labelOf = (text: string): string => `To the bakery: ${text}`

  return {
    waiting,
    entries: computed(() => [...heard.value, ...written.value]),
    state,
    standing,
    async say(text) {
      const id = `${name}-${++count}`
      const message: Message = { kind: 'message', key: id, from: name, text, sending: 'waits', offset: null }
      written.value = [...written.value, message]
      try {
        const content: Content = { id, from: name, text }
        const { offset } = await (waiting === 'in the queue'
          ? send(content, { policy: 'durable', label: labelOf(text) })
          : send(content))
        change(id, { sending: 'sent', offset })
      } catch (error) {
        if (!isHoldfastError(error)) throw error
        change(id, { sending: { failed: failureWords(error.code) } })
      }
    },
  }
}

const failureWords = (code: string): string =>
  code === 'maybe-committed' ? 'We don’t know whether this was sent' : 'Not sent'
