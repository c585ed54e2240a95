/** Buttons for everything that can be done to the network, now. */
import { createElement as h, type ReactElement } from 'react'
import { buttons, endsByItself, type Part } from '../../playback/buttons.js'
import { heldDown } from '../../playback/script.js'
import type { Ask } from '../messages.js'
import { shownMs, type Heard } from './heard.js'

/** What the buttons need. */
export interface FaultButtonsProps {
  /** The story as it stands. */
  readonly heard: Heard
  /** Asks something of the story. */
  readonly ask: (ask: Ask) => void
}

const PARTS: readonly (readonly [Part, string])[] = [
  ['device', 'Device'],
  ['network', 'Network'],
  ['server', 'Server'],
]

/** All buttons, by the part of the world that they strike. */
export function FaultButtons({ heard, ask }: FaultButtonsProps): ReactElement {
  const held = heldDown(heard.script, shownMs(heard) + 1)
  const one = (name: string): ReactElement => {
    const { label, title, do: action } = buttons[name]!
    const isOn = held.has(name)
    const onClick = (): void => ask({ type: 'do', command: { do: isOn ? 'end' : 'begin', what: name } })
    const pressed = endsByItself(action) ? {} : { 'aria-pressed': isOn }
    return h(
      'button',
      { key: name, type: 'button', className: 'hfs-fault', title, ...pressed, onClick },
      label,
    )
  }
  const allWell = h(
    'button',
    { type: 'button', className: 'hfs-fault', onClick: () => ask({ type: 'do', command: { do: 'calm' } }) },
    'All well',
  )
  return h(
    'section',
    { className: 'hfs-parts', 'aria-label': 'By hand' },
    PARTS.map(([part, label]) => {
      const names = Object.keys(buttons).filter((name) => buttons[name]!.part === part)
      const group = { key: part, className: 'hfs-part', role: 'group', 'aria-label': label }
      return h('div', group, h('span', { 'aria-hidden': true }, label), names.map(one))
    }),
    allWell,
  )
}
