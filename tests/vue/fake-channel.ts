/** A channel that does what the test says. */
import type { Channel } from '../../src/live/channel-over.js'
import type { ChannelState } from '../../src/live/channel-state.js'
import type { TopicOptions } from '../../src/live/following.js'

export function fakeChannel() {
  let state: ChannelState = { name: 'closed' }
  const listeners = new Set<(state: ChannelState) => void>()
  const topics = new Map<TopicOptions, string>()
  const calls: string[] = []
  const cursors: (string | undefined)[] = []
  const sent: unknown[][] = []
  const channel: Channel = {
    get state() {
      return state
    },
    ignored: { unknown: 0, malformed: 0 },
    subscribe: () => () => {},
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onResync: () => () => {},
    open() {
      calls.push('open')
      return () => void calls.push('close')
    },
    close: () => void calls.push('close'),
    retryNow() {},
    topic(name, options) {
      topics.set(options, name)
      cursors.push(options.cursor)
      return () => void topics.delete(options)
    },
    send(...message) {
      sent.push(message)
      return Promise.resolve({ id: '1', offset: 1 })
    },
  }
  return {
    channel,
    calls,
    cursors,
    sent,
    followed: () => [...topics.values()],
    says(next: ChannelState) {
      state = next
      listeners.forEach((listener) => listener(next))
    },
    tell(topic: string, data: unknown) {
      for (const [options, name] of topics) {
        if (name === topic) options.onEvent?.({ topic, data, offset: 1, cursor: 'e:2' })
      }
    },
  }
}
