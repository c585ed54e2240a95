/** `useChannel`: a channel, and one of its topics. */
import { shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'
import type { Channel } from '../live/channel-over.js'
import type { ChannelState } from '../live/channel-state.js'
import type { DurableOptions, DurableSent } from '../live/durable-port.js'
import type { TopicOptions } from '../live/following.js'
import type { SendOptions } from '../live/message.js'
import type { Sent } from '../live/sender.js'
import type { ChannelEvent } from '../live/topics.js'
import { follow, whileMounted } from './follow.js'

/** Options of `useChannel`. */
export interface UseChannelOptions extends TopicOptions {
  /**
   * Followed while mounted; a new value is followed in place of the old one, from now on: a `cursor` is that of the
   * topic that was named first. null, undefined: none.
   */
  topic?: MaybeRefOrGetter<string | null | undefined>
  /** Opens the channel while mounted, and closes it with the scope: for one that is nobody else's. Default: false. */
  open?: boolean
}

/** What `useChannel` returns. */
export interface UseChannelReturn {
  /** The channel itself, for everything that is not here. */
  readonly channel: Channel
  /** How it is; follows each change. */
  readonly state: Readonly<ShallowRef<ChannelState>>
  /** The last event of the topic; null: none has come. */
  readonly event: Readonly<ShallowRef<ChannelEvent | null>>
  /**
   * Sends to the topic, as `channel.send`.
   * @throws (rejects) `bad-option`: there is no topic
   */
  send(data: unknown, options?: SendOptions): Promise<Sent>
  /** The same with `durable`: by way of the queue that the channel was given. */
  send(data: unknown, options: DurableOptions): Promise<DurableSent>
}

/** A channel of `createChannel`, and one of its topics. */
export function useChannel(
  channel: Channel,
  { topic, open = false, ...listener }: UseChannelOptions = {},
): UseChannelReturn {
  const event = shallowRef<ChannelEvent | null>(null)
  const { cursor, ...heard } = listener
  const onEvent = (one: ChannelEvent) => ((event.value = one), listener.onEvent?.(one))
  /** Whose cursor it is, also where another topic is named before the component is mounted. */
  let first = toValue(topic)
  whileMounted(() => {
    const stops: Stop[] = open ? [channel.open()] : []
    let leave: Stop = () => {}
    let isFirst = true
    const unwatch = watch(
      () => toValue(topic),
      (name) => {
        leave()
        event.value = null
        if (name == null) return void (leave = () => {})
        const from = cursor !== undefined && isFirst && name === (first ??= name) ? { cursor } : {}
        isFirst = false
        leave = channel.topic(name, { ...heard, ...from, onEvent })
      },
      { immediate: true, flush: 'sync' },
    )
    stops.push(unwatch, () => leave())
    return () => stops.reverse().forEach((stop) => stop())
  })
  function send(data: unknown, options?: SendOptions): Promise<Sent>
  function send(data: unknown, options: DurableOptions): Promise<DurableSent>
  async function send(data: unknown, options?: SendOptions | DurableOptions) {
    // One of the two, and the channel tells them apart.
    return channel.send(toValue(topic) ?? '', data, options as SendOptions)
  }
  return {
    channel,
    state: follow(
      () => channel.state,
      (changed) => channel.onChange(changed),
    ),
    event: shallowReadonly(event),
    send,
  }
}
