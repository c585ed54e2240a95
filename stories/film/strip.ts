/** A film strip: the frames of a scenario beside each other, each a small page that stands still. */
import { h, type VNode } from 'vue'
import type { Scenario } from '../../mocks/scenario.js'
import { QueuedActionList, RetryModal, StatusBar, type Locale } from '../../src/components/index.js'
import type { StatusView } from '../../src/status/view.js'
import type { Action } from '../../src/vue/queue-port.js'
import type { RowSketch } from '../support/fixed-queue.js'
import { handlesFor, stillPart } from '../support/still.js'
import { heardOf, lastsFor, lineOf, networkIn, seconds, serverOf, updating } from './captions.js'
import { legend } from './legend.js'
import type { Frame } from './shoot.js'
import './strip.css'

/** The clock of a still frame stands here (`manualClock`). */
const NOW = 1_767_258_000_000

const nothing = () => {}

/** As an application has it that can do all of it: every button is there. */
const HEARD = { onReview: nothing, onSignIn: nothing, onCopy: nothing, onDetails: nothing }

/** The film's own words are English in whichever direction the page runs, and only the kit's in its language. */
const english = (words: string | (string | VNode)[]): VNode => h('bdi', { dir: 'ltr' }, words)

/** The strip of a scenario in that language. */
export const strip = (scenario: Scenario, frames: readonly Frame[], locale: Locale): VNode =>
  h('div', { class: 'strip', lang: 'en' }, [
    h('p', { class: 'strip-sentence' }, english(scenario.sentence)),
    legend(),
    h(
      'ol',
      frames.flatMap((frame) => [
        ...(frame.leftOut > 0 ? [cut(frame)] : []),
        frameOf(frame, scenario, locale),
      ]),
    ),
  ])

function frameOf(frame: Frame, scenario: Scenario, locale: Locale): VNode {
  const { view, actions } = frame
  const isModal = view.surface === 'modal'
  const rows = actions.map((action) => sketchOf(action, frame.at))
  const handles = handlesFor(atNow(view, frame.at), rows)
  const at = seconds(frame.atMs)
  const page = stillPart(handles, () => [
    // Nobody can press what lies under a dialog.
    h('div', { class: 'strip-under', inert: isModal }, [
      h('p', { class: 'strip-top' }, english('Order desk')),
      h(StatusBar, { locale, ...HEARD }),
      h('div', { class: 'strip-page' }, [
        rows.length ? h(QueuedActionList, { locale }) : null,
        ...ordersOf(frame),
      ]),
      newsOf(frame),
    ]),
    ...(isModal ? [h(RetryModal, { locale })] : []),
  ])
  return h('li', { key: frame.atMs, 'data-cell': `${at} ${view.phase}` }, [
    h('p', { class: 'strip-time' }, english([h('b', at), ` ${lastsFor(frame)}`])),
    h('div', { class: 'strip-frame', 'data-modal': isModal ? '' : undefined }, [h(page)]),
    h(
      'p',
      { class: 'strip-told' },
      english([h('b', view.phase), view.surface === 'none' ? ': nothing shows' : '']),
    ),
    h('p', { class: 'strip-network' }, english(networkIn(scenario, frame))),
    h('p', { class: 'strip-server' }, english(serverOf(frame))),
  ])
}

/** Between two frames: what is not shown. */
const cut = ({ atMs, leftOut }: Frame): VNode =>
  h('li', { key: `cut-${atMs}`, class: 'strip-cut' }, [
    h('b', english('And so on')),
    h('span', english(`${leftOut} more such moments`)),
  ])

/** The list as the desk has it, the newest first, and whether it is asked for in vain. */
function ordersOf(frame: Frame): VNode[] {
  const waits = updating(frame)
  const rows = frame.orders.map(({ id, position, qty, item }) =>
    h('li', { key: id }, english([h('span', `#${position}`), ` ${qty} × ${item}`])),
  )
  const said = waits || (rows.length ? '' : 'No orders yet')
  return [
    ...(said ? [h('p', { class: 'strip-none' }, english(said))] : []),
    ...(rows.length ? [h('ol', { class: 'strip-orders' }, rows)] : []),
  ]
}

/** The socket, and what came by it. */
const newsOf = (frame: Frame): VNode =>
  h('p', { class: 'strip-news', 'data-state': frame.news.state }, [
    h('span', { dir: 'ltr' }, lineOf(frame)),
    h('span', { dir: 'ltr' }, heardOf(frame)),
  ])

/** The same view at the instant at which the clock of the frame stands; a modal as a part of the frame. */
function atNow(view: StatusView, at: number): StatusView {
  const moved = (instant: number | null) => (instant === null ? null : instant - at + NOW)
  return {
    ...view,
    since: moved(view.since),
    nextAttemptAt: moved(view.nextAttemptAt),
    estimateAt: moved(view.estimateAt),
    surface: view.surface === 'modal' ? 'panel' : view.surface,
  }
}

const sketchOf = ({ id, label, state, createdAt }: Action, at: number): RowSketch => ({
  id,
  label: label ?? id,
  state,
  ageMs: at - createdAt,
})
