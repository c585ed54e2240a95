/** Every phase and its variants, as the status tells them: one table for the stories, the matrix and the checks. */
import type { StatusView } from '../../src/status/view.js'
import { NO_QUEUE } from '../support/fixed-status.js'

/** The instant at which the clock of the stories stands (`manualClock`). */
const NOW = 1_767_258_000_000

const waiting = (count: number): StatusView['queue'] => ({ ...NO_QUEUE, waiting: count, total: count })
const text = (key: NonNullable<StatusView['title']>['key'], params = {}) => ({ key, params })

/** What is told, apart from what is the same as when all is well. */
export type PhaseView = Partial<StatusView> & Pick<StatusView, 'phase'>

const disconnected: PhaseView = {
  phase: 'disconnected',
  surface: 'bar',
  tone: 'bad',
  icon: 'wifi-off',
  title: text('cannot-reach'),
  detail: text('changes-waiting', { count: 3 }),
  cause: 'server',
  attempt: 'waiting',
  nextAttemptAt: NOW + 8000,
  actions: ['retry', 'details'],
  queue: waiting(3),
}

/** Phases with a bar. */
export const BARS = {
  connecting: {
    phase: 'connecting',
    surface: 'bar',
    tone: 'idle',
    icon: 'sync',
    busy: true,
    title: text('connecting'),
    attempt: 'trying',
  },
  cannotConnect: {
    ...disconnected,
    title: text('cannot-connect'),
    detail: text('next-try', { seconds: 8 }),
    queue: NO_QUEUE,
  },
  slow: {
    phase: 'slow',
    surface: 'bar',
    tone: 'idle',
    icon: 'clock',
    title: text('slow'),
    detail: text('slow-detail'),
    actions: ['dismiss'],
  },
  reconnecting: {
    phase: 'reconnecting',
    surface: 'bar',
    tone: 'warn',
    icon: 'sync',
    busy: true,
    title: text('reconnecting'),
    detail: text('kept-on-device'),
    cause: 'server',
    attempt: 'trying',
    actions: ['retry'],
    queue: waiting(3),
  },
  reconnectingInTab: {
    phase: 'reconnecting',
    surface: 'bar',
    tone: 'warn',
    icon: 'sync',
    title: text('reconnecting'),
    detail: text('kept-in-tab'),
    cause: 'server',
    attempt: 'waiting',
    actions: ['retry'],
    queue: { ...waiting(3), persisted: false },
  },
  reconnectingWaiting: {
    phase: 'reconnecting',
    surface: 'bar',
    tone: 'warn',
    icon: 'clock',
    title: text('connection-lost'),
    detail: text('next-try', { seconds: 5 }),
    cause: 'server',
    attempt: 'waiting',
    nextAttemptAt: NOW + 5000,
    actions: ['retry'],
  },
  disconnected,
  disconnectedDevice: {
    ...disconnected,
    title: text('device-offline'),
    cause: 'device',
    nextAttemptAt: null,
  },
  disconnectedPortal: {
    ...disconnected,
    title: text('portal'),
    detail: text('next-try', { seconds: 8 }),
    cause: 'portal',
  },
  maintenance: {
    phase: 'maintenance',
    surface: 'bar',
    tone: 'info',
    icon: 'clock',
    title: text('maintenance'),
    detail: text('back-in-about', { seconds: 20 }),
    cause: 'planned',
    attempt: 'waiting',
    estimateAt: NOW + 20_000,
  },
  maintenanceNoEstimate: {
    phase: 'maintenance',
    surface: 'bar',
    tone: 'info',
    icon: 'sync',
    busy: true,
    title: text('maintenance'),
    detail: text('no-action-needed'),
    cause: 'planned',
    attempt: 'trying',
  },
  overdue: { ...disconnected, title: text('overdue'), cause: 'planned' },
  authRequired: {
    phase: 'authRequired',
    surface: 'bar',
    tone: 'warn',
    icon: 'lock',
    title: text('sign-in-needed'),
    detail: text('nothing-lost'),
    actions: ['sign-in'],
  },
  sessionLost: {
    phase: 'sessionLost',
    surface: 'bar',
    tone: 'warn',
    icon: 'triangle',
    title: text('session-lost'),
    detail: text('reload-detail'),
    actions: ['reload', 'copy'],
  },
  resyncing: {
    phase: 'resyncing',
    surface: 'bar',
    tone: 'info',
    icon: 'sync',
    busy: true,
    title: text('resyncing'),
  },
  syncing: {
    phase: 'syncing',
    surface: 'bar',
    tone: 'info',
    icon: 'cloud-up',
    title: text('syncing'),
    detail: text('progress', { sent: 3, total: 7 }),
    queue: { ...NO_QUEUE, waiting: 3, sending: 1, sent: 3, total: 7 },
    progress: 3 / 7,
  },
  waitingToSend: {
    phase: 'syncing',
    surface: 'bar',
    tone: 'info',
    icon: 'clock',
    title: text('waiting-to-send'),
    detail: text('next-try', { seconds: 12 }),
    nextAttemptAt: NOW + 12_000,
    queue: { ...waiting(4), sent: 3, total: 7, pausedUntil: NOW + 12_000 },
    progress: 3 / 7,
  },
  attention: {
    phase: 'attention',
    surface: 'bar',
    tone: 'warn',
    icon: 'triangle',
    title: text('attention', { count: 1 }),
    actions: ['review'],
    queue: { ...NO_QUEUE, failed: 1 },
  },
  resyncFailed: {
    phase: 'attention',
    surface: 'bar',
    tone: 'warn',
    icon: 'triangle',
    title: text('resync-failed'),
    actions: ['reload'],
  },
  recovered: {
    phase: 'recovered',
    surface: 'bar',
    tone: 'ok',
    icon: 'check-circle',
    title: text('recovered'),
    detail: text('all-sent', { count: 7 }),
    queue: { ...NO_QUEUE, sent: 7, total: 7 },
  },
  unstable: {
    phase: 'unstable',
    surface: 'bar',
    tone: 'warn',
    icon: 'triangle',
    title: text('unstable'),
    detail: text('kept-on-device'),
    queue: waiting(2),
  },
  offlineByChoice: {
    phase: 'offlineByChoice',
    surface: 'bar',
    tone: 'idle',
    icon: 'wifi-off',
    title: text('offline-by-choice'),
    detail: text('changes-waiting', { count: 3 }),
    actions: ['go-online'],
    queue: waiting(3),
  },
  gaveUp: {
    phase: 'gaveUp',
    surface: 'bar',
    tone: 'bad',
    icon: 'wifi-off',
    title: text('gave-up'),
    detail: text('comes-back'),
    cause: 'server',
    actions: ['retry'],
  },
} satisfies Record<string, PhaseView>

/** Phases of which nothing is to be seen. */
export const SILENT = {
  online: { phase: 'online' },
  grace: { phase: 'grace', cause: 'server', since: NOW - 400 },
} satisfies Record<string, PhaseView>

const modal: PhaseView = {
  ...disconnected,
  surface: 'modal',
  detail: text('check-connection'),
  actions: ['retry', 'keep-working'],
}

/** What the modal says. */
export const MODALS = {
  disconnected: modal,
  nothingWaiting: { ...modal, queue: NO_QUEUE },
  inTab: { ...modal, queue: { ...waiting(1), persisted: false } },
  trying: { ...modal, attempt: 'trying', nextAttemptAt: null },
  device: { ...modal, title: text('device-offline'), cause: 'device', nextAttemptAt: null },
  portal: { ...modal, title: text('portal'), cause: 'portal' },
  cannotConnect: { ...modal, title: text('cannot-connect'), queue: NO_QUEUE },
  overdue: { ...modal, title: text('overdue'), cause: 'planned', detail: null },
  gaveUp: {
    ...modal,
    phase: 'gaveUp',
    title: text('gave-up'),
    detail: text('comes-back'),
    attempt: 'none',
    nextAttemptAt: null,
  },
} satisfies Record<string, PhaseView>
