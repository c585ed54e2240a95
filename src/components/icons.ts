/** Eight drawings on a grid of 24, in strokes of 2: few nodes, because a list has one in each row (P12). */
import { h, type FunctionalComponent } from 'vue'
import type { IconName } from '../status/view.js'

const CIRCLE = 'M12 3a9 9 0 0 1 0 18 9 9 0 0 1 0-18'

const STROKES: Readonly<Record<IconName, string>> = {
  sync: 'M4 12a8 8 0 0 1 14-5.3l2 2.3M20 4v5h-5M20 12a8 8 0 0 1-14 5.3L4 15M4 20v-5h5',
  clock: `${CIRCLE}M12 7.5V12l3 2`,
  'wifi-off':
    'M2 8.8a15 15 0 0 1 4.2-2.6M10.7 5A15 15 0 0 1 22 8.8M5 12.9a10 10 0 0 1 5.2-2.7M16 10.9a10 10 0 0 1 3 2M8.5 16.4a5 5 0 0 1 7 0M12 20h.01M3 3l18 18',
  'cloud-up': 'M7 18a4.5 4.5 0 0 1-.6-9A6 6 0 0 1 18 8.4a4.8 4.8 0 0 1-.5 9.6M12 19v-7m-3 3 3-3 3 3',
  'check-circle': CIRCLE,
  triangle: 'M12 4 2.8 20h18.4zM12 10v4M12 17h.01',
  lock: 'M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 11V8a4 4 0 0 1 8 0v3',
  x: 'M6 6l12 12M18 6 6 18',
}

/** Its stroke lies apart: it is drawn on recovery. */
const CHECK = 'M8.5 12.2l2.4 2.4 4.6-4.8'

/** One of the eight icons; decoration, its meaning is always also in words. `busy` lets it turn. */
export const HfIcon: FunctionalComponent<{ name: IconName; busy?: boolean }> = ({ name, busy }) =>
  h(
    'svg',
    {
      class: 'hf-icon',
      'data-icon': name,
      'data-busy': busy || undefined,
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    [
      h('path', { d: STROKES[name] }),
      name === 'check-circle' ? h('path', { class: 'hf-check', d: CHECK, pathLength: 1 }) : null,
    ],
  )
HfIcon.props = ['name', 'busy']
