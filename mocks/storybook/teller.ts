/** What the panel hears of a story: everything when it opens, then each change. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Playback } from '../playback/options.js'
import { ASKED, TOLD, type Ask, type Asked } from './messages.js'
import type { Recorder } from './recorder.js'

/** Storybook's channel, as far as it is needed. */
export interface Channel {
  on(event: string, listener: (payload: Asked) => void): void
  off(event: string, listener: (payload: Asked) => void): void
  emit(event: string, payload: unknown): void
}

/** What a story tells from. */
export interface TellerPorts {
  /** The id of the story. */
  readonly story: string
  readonly playback: Playback
  readonly recorder: Recorder
  readonly channel: Channel
  readonly real: Clock
}

/** How often the panel is told what has changed, at most (ms). */
const TELL_MS = 50

/** Does what the panel asks of this story, and tells it what becomes of that. The stop ends both. */
export function tellPanel({ story, playback, recorder, channel, real }: TellerPorts): Stop {
  let isHeard = false
  let soon: Stop | null = null

  const tellAll = (): void => channel.emit(TOLD, recorder.all(playback, isHeard))
  const tellMore = (): void => {
    soon?.()
    soon = null
    channel.emit(TOLD, recorder.more(playback))
  }
  /** While time passes now and then; when it stands still at once. */
  const onChange = (): void => {
    if (!isHeard) return
    const passes = playback.state.name === 'playing' || playback.state.name === 'seeking'
    if (passes) soon ??= real.setTimeout(tellMore, TELL_MS)
    else tellMore()
  }
  const answer = (ask: Ask): void => {
    switch (ask.type) {
      case 'do':
        return playback.do(ask.command)
      case 'seek':
        return playback.seek(ask.toMs)
      case 'bye':
        return void (isHeard = false)
      case 'hello':
        isHeard = true
        return tellAll()
      default:
        return playback[ask.type]()
    }
  }
  const hear = ({ story: asked, ask }: Asked): void => {
    if (asked === story) answer(ask)
  }
  channel.on(ASKED, hear)
  const deaf = playback.subscribe(onChange)
  tellAll()
  return () => {
    channel.off(ASKED, hear)
    deaf()
    soon?.()
  }
}
