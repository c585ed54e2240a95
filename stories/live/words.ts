/** A channel in words for people. Pure. */
import type { StatusView } from '../../src/index.js'
import type { ChannelState, Transport } from '../../src/live/index.js'

/** Something that is told. */
export interface Words {
  readonly text: string
  readonly tone: StatusView['tone']
  readonly icon: StatusView['icon']
}

/** The transports by the names that people know. */
export const TRANSPORT_NAMES: Readonly<Record<Transport, string>> = {
  websocket: 'WebSocket',
  'event-stream': 'Event stream',
  'long-poll': 'Long polling',
}

const LIVE_OVER: Readonly<Record<Transport, string>> = {
  websocket: 'Live over WebSocket',
  'event-stream': 'Live over an event stream',
  'long-poll': 'Live over long polling',
}

/** The line. */
export function lineWords(state: ChannelState): Words {
  switch (state.name) {
    case 'closed':
      return { text: 'Closed', tone: 'idle', icon: 'x' }
    case 'connecting':
      return { text: 'Connecting…', tone: 'info', icon: 'sync' }
    case 'live':
      return { text: LIVE_OVER[state.transport], tone: 'ok', icon: 'check-circle' }
    case 'waiting':
      return { text: 'Waiting for the server', tone: 'warn', icon: 'clock' }
    case 'unauthorized':
      return { text: 'Sign in to go on', tone: 'warn', icon: 'lock' }
    case 'failed':
      return { text: 'Refused by the server', tone: 'bad', icon: 'triangle' }
  }
}

/** What is known of one topic, as the channel told it last. */
export type Standing =
  | { readonly name: 'unknown' }
  | { readonly name: 'whole' }
  | { readonly name: 'gap'; readonly from: number; readonly to: number }
  | { readonly name: 'anew' }

/** A topic; while the line is away, that it is behind. */
export function topicWords(standing: Standing, { name }: ChannelState): Words {
  if (name !== 'live') return { text: 'Behind until the line is back', tone: 'idle', icon: 'clock' }
  switch (standing.name) {
    case 'unknown':
      return { text: 'Catching up…', tone: 'info', icon: 'sync' }
    case 'whole':
      return { text: 'Caught up, nothing is missing', tone: 'ok', icon: 'check-circle' }
    case 'gap':
      return { text: `Gap: ${rangeWords(standing)}`, tone: 'warn', icon: 'triangle' }
    case 'anew':
      return { text: 'The server began anew', tone: 'warn', icon: 'triangle' }
  }
}

/** Within which something is lost. */
export const rangeWords = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  from === to ? `event ${from}` : `within events ${from} to ${to}`
