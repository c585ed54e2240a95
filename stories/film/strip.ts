/** A film strip: the frames of a scenario beside each other, each a small page that stands still. */
import { h, type VNode } from 'vue'
import { endsByItself } from '../../mocks/playback/buttons.js'
import { isRestart } from '../../mocks/restarts.js'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { QueuedActionList, RetryModal, StatusBar, type Locale } from '../../src/components/index.js'
import type { StatusView } from '../../src/status/view.js'
import type { Action } from '../../src/vue/queue-port.js'
import type { RowSketch } from '../support/fixed-queue.js'
import { handlesFor, stillPart } from '../support/still.js'
import type { NewsView } from './news.js'
import type { Frame } from './shoot.js'
import './strip.css'

/** The clock of a still frame stands here (`manualClock`). */
const NOW = 1_767_258_000_000

const nothing = () => {}

/** As an application has it that can do all of it: every button is there. */
const HEARD = { onReview: nothing, onSignIn: nothing, onCopy: nothing, onDetails: nothing }

/** No more rows and orders than a small page has room for. */
const MOST_ROWS = 2
const MOST_ORDERS = 3

/** The film's own words are English in whichever direction the page runs, and only the kit's in its language. */
const english = (words: string | (string | VNode)[]): VNode => h('bdi', { dir: 'ltr' }, words)

/** The strip of a scenario in that language. */
export const strip = (scenario: Scenario, frames: readonly Frame[], locale: Locale): VNode =>
  h('div', { class: 'strip', lang: 'en' }, [
    h('p', { class: 'strip-sentence' }, english(scenario.sentence)),
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
  const rows = actions.slice(0, MOST_ROWS).map((action) => sketchOf(action, frame.at))
  const handles = handlesFor(atNow(view, frame.at), rows)
  const seconds = (frame.atMs / 1000).toFixed(1)
  const page = stillPart(handles, () => [
    h('p', { class: 'strip-top' }, english('Order desk')),
    h(StatusBar, { locale, ...HEARD }),
    h('div', { class: 'strip-page' }, [
      rows.length ? h(QueuedActionList, { locale }) : null,
      ordersOf(frame),
    ]),
    newsOf(frame),
    ...(isModal ? [h(RetryModal, { locale })] : []),
  ])
  return h('li', { key: frame.atMs, 'data-cell': `${seconds} ${view.phase}` }, [
    h('p', { class: 'strip-time' }, english([h('b', `${seconds} s`), ` ${lastsFor(frame)}`])),
    h('div', { class: 'strip-frame', 'data-modal': isModal ? '' : undefined }, [h(page)]),
    h(
      'p',
      { class: 'strip-told' },
      english([h('b', view.phase), view.surface === 'none' ? ': nothing shows' : '']),
    ),
    h('p', { class: 'strip-network' }, english(networkIn(scenario, frame))),
    h('p', { class: 'strip-network' }, english(serverOf(frame))),
  ])
}

/** Between two frames: what is not shown. */
const cut = ({ atMs, leftOut }: Frame): VNode =>
  h('li', { key: `cut-${atMs}`, class: 'strip-cut' }, [
    h('b', 'And so on'),
    h('span', `${leftOut} more such moments`),
  ])

/** The list as the desk has it, the newest first. */
function ordersOf({ orders }: Frame): VNode {
  if (orders.length === 0) return h('p', { class: 'strip-none' }, english('No orders yet'))
  return h(
    'ol',
    { class: 'strip-orders' },
    orders
      .slice(0, MOST_ORDERS)
      .map(({ id, position, qty, item }) =>
        h('li', { key: id }, english([h('span', `#${position}`), ` ${qty} × ${item}`])),
      ),
  )
}

const LINES: Readonly<Record<NewsView['state'], string>> = {
  closed: 'closed',
  connecting: 'connecting…',
  live: 'live',
  waiting: 'waiting',
  unauthorized: 'sign in',
  failed: 'refused',
}

/** The socket, and what came by it: each once, whatever the wire did. */
function newsOf({ news: { state, said, came, heard } }: Frame): VNode {
  const twice = came > heard ? `, ${came} came` : ''
  return h('p', { class: 'strip-news', 'data-state': state }, [
    h('span', { dir: 'ltr' }, `Oven: ${LINES[state]}`),
    h('span', { dir: 'ltr' }, `heard ${heard} of ${said}${twice}`),
  ])
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** What the server has done by then, which no page can know. */
const serverOf = ({ server: { orders, askedAgain } }: Frame): string =>
  `Server: ${counted(orders, 'order')}${askedAgain ? `, ${counted(askedAgain, 'repeat')} recognised` : ''}`

const lastsFor = ({ lastsMs }: Frame) =>
  lastsMs === null ? 'to the end' : `for ${(lastsMs / 1000).toFixed(1)} s`

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

/** What happens on the network when the frame begins, and what happens in a moment of it. */
function networkIn(scenario: Scenario, { atMs, lastsMs }: Frame): string {
  if (lengthOf(scenario) === 0) return scenario.name
  const untilMs = lastsMs === null ? Number.POSITIVE_INFINITY : atMs + lastsMs
  const under = scenario.steps.filter(({ atMs: from, do: action, forMs }) => {
    if (isRestart(action))
      return from <= atMs && atMs < lengthOf({ ...scenario, steps: [{ atMs: from, do: action }] })
    if (endsByItself(action)) return atMs <= from && from < untilMs
    return from <= atMs && (forMs === undefined || atMs < from + forMs)
  })
  const names = new Set(
    under.map(({ do: action }) => ('code' in action ? `${action.type} ${action.code}` : action.type)),
  )
  return names.size > 0 ? `Network: ${[...names].join(', ')}` : 'Network: well'
}
