/** Every component in every state: one table for the matrix, for URLs and for the pictures that are compared. */
import { h, type VNode } from 'vue'
import {
  ConnectionBadge,
  ConnectionDetails,
  QueuedActionList,
  RetryModal,
  SavedHint,
  StatusBar,
  type Locale,
} from '../../src/components/index.js'
import type { QueueFacts } from '../../src/core/state.js'
import type { StatusView } from '../../src/status/view.js'
import { MODALS } from '../components/modals.js'
import { BARS, SILENT, waiting } from '../components/phases.js'
import { A_FEW_ROWS, EVERY_ROW, type RowSketch } from '../support/fixed-queue.js'
import { NO_QUEUE } from '../support/fixed-status.js'

/** What a component is shown with. */
export interface State {
  readonly view: Partial<StatusView>
  /** What waits. Default: nothing. */
  readonly rows?: readonly RowSketch[]
  /** What is told of the place where it waits. */
  readonly stored?: Partial<QueueFacts>
}

/** A component and its states. */
export interface Sheet {
  /** How wide a cell is where there is room (CSS px). */
  readonly width: number
  readonly states: Readonly<Record<string, State>>
  show(locale: Locale, state: State): VNode | VNode[]
}

/** The instant at which the clock of the stories stands (`manualClock`). */
const NOW = 1_767_258_000_000

const nothing = () => {}

/** With listeners for everything, so that every button is there. */
const HEARD = { onReview: nothing, onSignIn: nothing, onCopy: nothing, onDetails: nothing }

const shown = (views: Readonly<Record<string, Partial<StatusView>>>): Sheet['states'] =>
  Object.fromEntries(Object.entries(views).map(([name, view]) => [name, { view }]))

/** A modal as a part of the page: a page can have one modal alone, and a matrix has them all. */
const inPlace = (views: Readonly<Record<string, Partial<StatusView>>>): Sheet['states'] =>
  Object.fromEntries(
    Object.entries(views).map(([name, view]) => [name, { view: { ...view, surface: 'panel' } }]),
  )

const well = { view: SILENT.online }

/** The components, by the name that they have in URLs. */
export const SHEETS = {
  'status-bar': {
    width: 800,
    states: shown({ ...BARS, ...SILENT }),
    show: (locale) => h(StatusBar, { locale, ...HEARD }),
  },
  'retry-modal': {
    width: 416,
    states: inPlace(MODALS),
    show: (locale) => h(RetryModal, { locale }),
  },
  'queued-action-list': {
    width: 560,
    states: {
      empty: well,
      aFew: { ...well, rows: A_FEW_ROWS },
      everyState: { ...well, rows: EVERY_ROW },
      onlyNeedy: { ...well, rows: [EVERY_ROW[3]!] },
      unavailable: {
        ...well,
        rows: A_FEW_ROWS.slice(1, 2),
        stored: { persisted: false, standIn: 'unavailable' },
      },
      blocked: { ...well, rows: A_FEW_ROWS.slice(1, 2), stored: { persisted: false, standIn: 'blocked' } },
      newer: { ...well, stored: { persisted: false, standIn: 'newer' } },
      lost: { ...well, stored: { lostAt: 1, aside: 3 } },
    },
    show: (locale) => h(QueuedActionList, { locale, onReview: nothing }),
  },
  'connection-badge': {
    width: 240,
    states: {
      ...shown(BARS),
      always: well,
      waits: { view: { ...SILENT.online, queue: waiting(3) } },
      many: { view: { ...SILENT.online, queue: waiting(10_000) } },
      needsAPerson: { view: { ...SILENT.online, queue: { ...NO_QUEUE, failed: 1, waiting: 2 } } },
    },
    show: (locale) => h(ConnectionBadge, { locale, always: true }),
  },
  'saved-hint': {
    width: 360,
    states: {
      onThisDevice: { ...well, rows: [EVERY_ROW[1]!], stored: { persisted: true } },
      inThisTab: { ...well, rows: [EVERY_ROW[1]!], stored: { persisted: false, standIn: 'unavailable' } },
      sending: { ...well, rows: [EVERY_ROW[0]!] },
      conflict: { ...well, rows: [EVERY_ROW[2]!] },
      refused: { ...well, rows: [EVERY_ROW[3]!] },
      expired: { ...well, rows: [EVERY_ROW[4]!] },
      unconfirmed: { ...well, rows: [EVERY_ROW[6]!] },
    },
    show: (locale, { rows }) => h(SavedHint, { locale, action: rows?.[0]?.id ?? null }),
  },
  'connection-details': {
    width: 560,
    states: {
      online: well,
      reconnecting: { view: { ...BARS.reconnecting, since: NOW - 4000 } },
      disconnected: { view: { ...BARS.disconnected, since: NOW - 12_000 }, rows: A_FEW_ROWS },
      device: { view: { ...BARS.disconnectedDevice, since: NOW - 12_000 } },
      portal: { view: { ...BARS.disconnectedPortal, since: NOW - 12_000 } },
      maintenance: { view: { ...BARS.maintenance, since: NOW - 5000 } },
      offlineByChoice: { view: BARS.offlineByChoice },
    },
    show: (locale) => h(ConnectionDetails, { locale, open: true }),
  },
} as const satisfies Readonly<Record<string, Sheet>>

/** The name of a component in URLs. */
export type SheetName = keyof typeof SHEETS

/** All of it, as what it is read as. */
export const sheets = Object.entries(SHEETS) as readonly (readonly [SheetName, Sheet])[]
