/** Play, pause, step, speed: the upper edge of the panel. */
import { createElement as h, type ReactElement } from 'react'
import { isAnythingInForce, scenarioAt } from '../../playback/spans.js'
import type { Ask } from '../messages.js'
import { SPEEDS } from '../toolbar.js'
import { shownMs, type Heard } from './heard.js'
import { icon } from './icons.js'
import { exact } from './log-lines.js'

/** What the transport bar needs. */
export interface TransportBarProps {
  /** The story as it stands. */
  readonly heard: Heard
  /** How much time the timeline shows (ms). */
  readonly lengthMs: number
  /** Asks something of the story. */
  readonly ask: (ask: Ask) => void
  /** Somebody chose a speed. */
  readonly onSpeed: (speed: number) => void
  /** Somebody wants the address of what is shown. */
  readonly onCopyLink: () => void
}

/** What happens, in words. */
function story(heard: Heard): ReactElement {
  const { state, script, repertoire } = heard
  if (state.name === 'failed') {
    return h(
      'p',
      { className: 'hfs-story', 'data-failed': true, role: 'alert' },
      `It does not go on: ${state.why}`,
    )
  }
  const name = scenarioAt(script, repertoire, shownMs(heard))
  const scenario = name === null ? null : repertoire.scenarios[name]!
  if (!scenario) {
    const words = isAnythingInForce(script, repertoire, shownMs(heard) + 1)
      ? 'All well, but for what is done by hand.'
      : 'All well. Choose a scenario from the toolbar, or press a button.'
    return h('p', { className: 'hfs-story' }, words)
  }
  const { name: title, sentence } = scenario
  return h('p', { className: 'hfs-story', title: sentence }, h('b', null, title), ` ${sentence}`)
}

/** The bar. */
export function TransportBar({ heard, lengthMs, ask, onSpeed, onCopyLink }: TransportBarProps): ReactElement {
  const { state, speed, script } = heard
  const plays = state.name === 'playing'
  const button = (
    name: Parameters<typeof icon>[0],
    label: string,
    type: 'play' | 'pause' | 'step',
  ): ReactElement =>
    h(
      'button',
      {
        type: 'button',
        className: 'hfs-icon',
        'aria-label': label,
        title: label,
        onClick: () => ask({ type }),
      },
      icon(name),
    )
  const begin = h(
    'button',
    {
      ...{
        type: 'button',
        className: 'hfs-icon',
        'aria-label': 'From the beginning',
        title: 'From the beginning',
      },
      onClick: () => ask({ type: 'seek', toMs: 0 }),
    },
    icon('begin'),
  )
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((one, other) => one - other)
  return h(
    'div',
    { className: 'hfs-bar', role: 'group', 'aria-label': 'Time' },
    begin,
    plays ? button('pause', 'Pause', 'pause') : button('play', 'Play', 'play'),
    button('step', 'Step to the next event', 'step'),
    h('span', { className: 'hfs-time' }, exact(shownMs(heard)), h('span', null, ` / ${lengthMs / 1000} s`)),
    h(
      'select',
      {
        ...{ className: 'hfs-select', 'aria-label': 'Speed', value: speed },
        onChange: (event: { target: { value: string } }) => onSpeed(Number(event.target.value)),
      },
      speeds.map((value) => h('option', { key: value, value }, `${value}×`)),
    ),
    story(heard),
    h('span', { className: 'hfs-count' }, `Seed ${script.seed}`),
    h(
      'button',
      { type: 'button', className: 'hfs-text', onClick: () => ask({ type: 'clear' }) },
      'Start over',
    ),
    h('button', { type: 'button', className: 'hfs-text', onClick: onCopyLink }, 'Copy link'),
  )
}
