/** The icons of the panel, drawn on a field of 14. */
import { createElement as h, type ReactElement } from 'react'

const PATHS = {
  begin: 'M2 2h2v10H2zM12 2v10L5 7z',
  play: 'M3 1.5v11L12.5 7z',
  pause: 'M3 2h3v10H3zM8 2h3v10H8z',
  step: 'M2 2v10l7-5zM10 2h2v10h-2z',
} as const

/** One icon; whoever it stands in says what it means. */
export const icon = (name: keyof typeof PATHS): ReactElement =>
  h('svg', { viewBox: '0 0 14 14', 'aria-hidden': true }, h('path', { d: PATHS[name] }))
