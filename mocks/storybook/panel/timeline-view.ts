/** The timeline with its scrubber. */
import {
  createElement as h,
  memo,
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
} from 'react'
import type { Ask } from '../messages.js'
import { shownMs, type Heard } from './heard.js'
import { exact } from './log-lines.js'
import { ticksOf, type Bar, type Lane, type Timeline } from './timeline.js'

/** What the timeline needs. */
export interface TimelineViewProps {
  /** The story as it stands. */
  readonly heard: Heard
  /** Its lanes. */
  readonly timeline: Timeline
  /** The request that is looked at; null: none. */
  readonly chosen: number | null
  /** Asks something of the story. */
  readonly ask: (ask: Ask) => void
  /** Somebody pointed at a request. */
  readonly onChoose: (request: number) => void
}

/** How far a key goes (ms). */
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -100,
  ArrowDown: -100,
  ArrowRight: 100,
  ArrowUp: 100,
  PageUp: 1000,
  PageDown: -1000,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

const percent = (ms: number, lengthMs: number): string => `${(ms / lengthMs) * 100}%`

const place = ({ fromMs, toMs }: Bar, lengthMs: number): CSSProperties => ({
  left: percent(fromMs, lengthMs),
  width: percent(Math.max(0, toMs - fromMs), lengthMs),
})

interface LaneRowProps {
  readonly lane: Lane
  readonly lengthMs: number
  readonly chosen: number | null
  readonly onChoose: (request: number) => void
}

/** One lane. What is drawn is also in the log or in the words of the buttons: it is not read aloud bar by bar. */
function LaneRow({ lane, lengthMs, chosen, onChoose }: LaneRowProps): ReactElement {
  const isThin = lane.name === 'requests'
  const bar = (one: Bar): ReactElement => {
    const { key, tone, label, title, request } = one
    const choose = request === null ? {} : { onClick: () => onChoose(request) }
    const looks = {
      className: 'hfs-mark',
      'data-tone': tone,
      'data-chosen': request !== null && request === chosen,
    }
    return h(
      'div',
      { key, title, ...looks, ...choose, style: place(one, lengthMs) },
      isThin || !label ? null : h('span', null, label),
    )
  }
  return h(
    'div',
    { className: 'hfs-row' },
    h('span', { className: 'hfs-name' }, lane.label),
    h(
      'div',
      { className: isThin ? 'hfs-lane hfs-thin' : 'hfs-lane', 'data-lane': lane.name },
      lane.rows.map((row, at) => h('div', { key: at, className: 'hfs-bars' }, row.map(bar))),
    ),
  )
}

/**
 * Where the time stands. Who asks for several times in a row does not wait for the story to be there: the next step
 * counts from what was asked for.
 */
function useTime(heard: Heard): readonly [number, (asked: number | null) => void] {
  const { nowMs, state } = heard
  const [asked, setAsked] = useState<number | null>(null)
  const isThere =
    state.name === 'failed' || state.name === 'playing' || (state.name === 'paused' && nowMs === asked)
  useEffect(() => {
    if (isThere) setAsked(null)
  }, [isThere, nowMs])
  return [asked ?? shownMs(heard), setAsked]
}

/** How the time is moved: by pointer, and by keys, which go a tenth of a second or a whole one; with Shift little. */
function Scrubber({
  heard,
  timeline,
  ask,
}: Pick<TimelineViewProps, 'heard' | 'timeline' | 'ask'>): ReactElement {
  const { lengthMs } = timeline
  const [atMs, setAsked] = useTime(heard)
  const last = useRef(atMs)
  last.current = atMs
  const seek = (ms: number): void => {
    const toMs = Math.round(Math.min(lengthMs, Math.max(0, ms)))
    last.current = toMs
    setAsked(toMs)
    ask({ type: 'seek', toMs })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const far = KEYS[event.key]
    if (far === undefined || event.altKey || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    seek(last.current + (event.shiftKey ? far / 100 : far))
  }
  return h('input', {
    ...{
      className: 'hfs-scrub',
      type: 'range',
      min: 0,
      max: lengthMs,
      step: 1,
      value: Math.min(atMs, lengthMs),
    },
    ...{ 'aria-label': 'Time', 'aria-valuetext': `${exact(atMs)} seconds` },
    onKeyDown,
    onBlur: () => setAsked(null),
    // Who drags does not want it to run away meanwhile.
    onPointerDown: () => ask({ type: 'pause' }),
    onChange: (event: { target: { value: string } }) => seek(Number(event.target.value)),
  })
}

const Lanes = memo(function Lanes(props: Omit<LaneRowProps, 'lane'> & { readonly lanes: readonly Lane[] }) {
  const { lanes, ...rest } = props
  return h(
    'div',
    { 'aria-hidden': true },
    lanes.map((lane) => h(LaneRow, { key: lane.name, lane, ...rest })),
  )
})

/** The timeline. */
export function TimelineView({ heard, timeline, chosen, ask, onChoose }: TimelineViewProps): ReactElement {
  const { lengthMs, lanes } = timeline
  const ticks = ticksOf(lengthMs)
  const now = percent(Math.min(shownMs(heard), lengthMs), lengthMs)
  return h(
    'section',
    { className: 'hfs-timeline', 'aria-label': 'Timeline' },
    h(
      'div',
      { className: 'hfs-grid' },
      ticks.map((ms) => h('i', { key: ms, style: { left: percent(ms, lengthMs) } })),
    ),
    h(
      'div',
      { className: 'hfs-row', 'aria-hidden': true },
      h('span', { className: 'hfs-name' }),
      h(
        'div',
        { className: 'hfs-ruler' },
        ticks
          .filter((ms) => ms < lengthMs)
          .map((ms) =>
            h(
              'span',
              { key: ms, className: 'hfs-tick', style: { left: percent(ms, lengthMs) } },
              `${ms / 1000} s`,
            ),
          ),
      ),
    ),
    h(Lanes, { lanes, lengthMs, chosen, onChoose }),
    h(
      'div',
      { className: 'hfs-over', 'aria-hidden': true },
      h('div', { className: 'hfs-coming', style: { left: now, top: 20 } }),
      h('div', { className: 'hfs-now', style: { left: now } }),
    ),
    h(Scrubber, { heard, timeline, ask }),
  )
}
