/** The phases as rows: what each component shows of it at the same moment. */
import { h, type VNode } from 'vue'
import {
  ConnectionBadge,
  QueuedActionList,
  RetryModal,
  StatusBar,
  type Locale,
} from '../../src/components/index.js'
import type { Phase, StatusView } from '../../src/status/view.js'
import { MODALS } from '../components/modals.js'
import { BARS, SILENT } from '../components/phases.js'
import { A_FEW_ROWS, EVERY_ROW, type RowSketch } from '../support/fixed-queue.js'
import { handlesFor, stillPart } from '../support/still.js'

/** A moment of a phase. */
interface Moment {
  /** What has happened, in a few words. */
  readonly meaning: string
  readonly view: Partial<StatusView>
  /** The modal of the same moment. Default: there is none in this phase. */
  readonly modal?: Partial<StatusView>
  readonly rows?: readonly RowSketch[]
}

const waiting = A_FEW_ROWS.filter(({ state }) => state.name === 'queued')
const failed = EVERY_ROW.filter(({ state }) => state.name === 'failed').slice(0, 1)

/** In the order in which a person may meet them. */
export const MOMENTS: Readonly<Record<Phase, Moment>> = {
  connecting: { meaning: 'The first connect takes more than 2 s', view: BARS.connecting },
  online: { meaning: 'All is well', view: SILENT.online },
  slow: { meaning: 'Requests are pending for more than 3 s', view: BARS.slow },
  grace: { meaning: 'Lost a moment ago', view: SILENT.grace, rows: waiting },
  reconnecting: { meaning: 'Lost for more than 1 s', view: BARS.reconnecting, rows: waiting },
  disconnected: {
    meaning: 'Lost for more than 10 s',
    view: BARS.disconnected,
    modal: MODALS.disconnected,
    rows: waiting,
  },
  maintenance: { meaning: 'The server announced a restart', view: BARS.maintenance },
  authRequired: { meaning: 'The person has to sign in again', view: BARS.authRequired, rows: waiting },
  sessionLost: { meaning: 'The server has forgotten the session', view: BARS.sessionLost },
  resyncing: { meaning: 'Connected again; the state is fetched', view: BARS.resyncing, rows: waiting },
  syncing: { meaning: 'What waited is sent', view: BARS.syncing, rows: A_FEW_ROWS.slice(0, 2) },
  attention: { meaning: 'A change needs a person', view: BARS.attention, rows: failed },
  recovered: { meaning: 'Well again, for 3 s', view: BARS.recovered },
  unstable: { meaning: 'Lost three times within a minute', view: BARS.unstable },
  offlineByChoice: { meaning: 'Paused by the person', view: BARS.offlineByChoice, rows: waiting },
  gaveUp: { meaning: 'Trying has stopped', view: BARS.gaveUp, modal: MODALS.gaveUp },
}

/** One component at that moment, apart from the others: a page would show the bar or the modal. */
const alone = (view: Partial<StatusView>, rows: readonly RowSketch[], show: () => VNode): VNode =>
  h(stillPart(handlesFor(view, rows), show))

/** What all phases look like in that language. */
export const phaseTable = (locale: Locale): VNode =>
  h('table', { class: 'phase-table', dir: locale.dir }, [
    h(
      'thead',
      h(
        'tr',
        ['Phase', 'ConnectionBadge', 'StatusBar', 'RetryModal', 'QueuedActionList'].map((name) =>
          h('th', { scope: 'col' }, name),
        ),
      ),
    ),
    h(
      'tbody',
      Object.entries(MOMENTS).map(([phase, moment]) => phaseRow(phase, moment, locale)),
    ),
  ])

function phaseRow(phase: string, { meaning, view, modal, rows = [] }: Moment, locale: Locale): VNode {
  const panel: Partial<StatusView> = { ...modal, surface: 'panel' }
  return h('tr', { key: phase, 'data-phase': phase }, [
    h('th', { scope: 'row' }, [phase, h('p', { class: 'cell-name' }, meaning)]),
    h(
      'td',
      alone(view, rows, () => h(ConnectionBadge, { locale, always: true })),
    ),
    h(
      'td',
      { class: 'cell phase-bar' },
      alone(view, rows, () => h(StatusBar, { locale })),
    ),
    h('td', { class: 'cell phase-modal' }, modal ? alone(panel, rows, () => h(RetryModal, { locale })) : '–'),
    h(
      'td',
      { class: 'cell phase-list' },
      rows.length ? alone(view, rows, () => h(QueuedActionList, { locale })) : '–',
    ),
  ])
}
