/** The panel: what was heard of a story, drawn. It holds no state but what a person is looking at, and that is handed in. */
import { createElement as h, useMemo, type ReactElement } from 'react'
import type { Ask } from '../messages.js'
import { FaultButtons } from './fault-buttons.js'
import type { Heard } from './heard.js'
import { linesOf } from './log-lines.js'
import { LogView } from './log-view.js'
import { looksOf, type PanelTheme } from './looks.js'
import { PANEL_CSS } from './style-sheet.js'
import { timelineOf } from './timeline.js'
import { TimelineView } from './timeline-view.js'
import { TransportBar } from './transport-bar.js'

/** What a person looks at. */
export interface Sight {
  /** The filter of the log. */
  readonly filter: string
  /** The request that is chosen; null: none. */
  readonly line: number | null
}

/** What the panel needs. */
export interface PanelProps {
  /** The story as it stands; null: it has no network of its own. */
  readonly heard: Heard | null
  /** Storybook's theme. */
  readonly theme: PanelTheme
  /** What is looked at. */
  readonly sight: Sight
  /** Somebody looks at something else. */
  readonly onSight: (sight: Sight) => void
  /** Asks something of the story. */
  readonly ask: (ask: Ask) => void
  /** Somebody chose a speed. */
  readonly onSpeed: (speed: number) => void
  /** Somebody wants the address of what is shown. */
  readonly onCopyLink: () => void
  /** Somebody wants this text in the clipboard. */
  readonly onCopy: (text: string) => void
}

const NOTHING = h(
  'p',
  { className: 'hfs-none' },
  'This story has no simulated network. Give it handlers with ',
  h('code', null, 'parameters.network'),
  ', or a stage with ',
  h('code', null, 'createNetworkStage'),
  '.',
)

function Filled(props: PanelProps & { readonly heard: Heard }): ReactElement {
  const { heard, sight, onSight, ask, onSpeed, onCopyLink, onCopy } = props
  const timeline = useMemo(() => timelineOf(heard), [heard])
  const { log, marks } = heard
  const lines = useMemo(() => linesOf(heard), [log, marks])
  const onChoose = (request: number): void =>
    onSight({ ...sight, line: request === sight.line ? null : request })
  const { lengthMs } = timeline
  return h(
    'div',
    { className: 'hfs-body', 'data-state': heard.state.name },
    h(TransportBar, { heard, lengthMs, ask, onSpeed, onCopyLink }),
    h(TimelineView, { heard, timeline, chosen: sight.line, ask, onChoose }),
    h(
      'div',
      { className: 'hfs-lower' },
      h(FaultButtons, { heard, ask }),
      h(LogView, {
        ...{ lines, plays: heard.state.name === 'playing' },
        ...{ filter: sight.filter, chosen: sight.line, onChoose, onCopy },
        onFilter: (filter) => onSight({ ...sight, filter }),
      }),
    ),
  )
}

/** The panel, as high as the place that it is given. */
export function Panel(props: PanelProps): ReactElement {
  const { heard, theme } = props
  return h(
    'div',
    { className: 'hfs', style: looksOf(theme) },
    h('style', null, PANEL_CSS),
    heard ? h(Filled, { ...props, heard }) : NOTHING,
  )
}
