/** While it is down: by hand, by choice, given up, and what the browser says (docs/spec/ux.md, 1.3). */
import { whileLost } from './script.js'
import { memoryOf, row, whileModal, type Row } from './rows.js'

/** Rows 19 to 26. */
export const DOWN_ROWS: readonly Row[] = [
  row(
    ['19', 'disconnected', 'USER_RETRY', '≥ 1 s', 'same', 'attempt now, schedule starts anew'],
    whileModal,
    (s) => {
      s.is('disconnected/modal')
      s.press('retry')
      s.trying()
      s.is('disconnected/modal')
      s.also('attempt', s.view.attempt, 'trying')
      s.failed()
      s.is('disconnected/modal')
    },
  ),
  row(['20', 'disconnected', 'GO_OFFLINE', '', 'offlineByChoice', 'all timers stopped'], whileModal, (s) => {
    s.is('disconnected/modal')
    s.connection({ intent: 'offline', link: { name: 'idle', memory: memoryOf(s) } })
    s.is('offlineByChoice/bar')
    s.also('next change by itself', s.state.nextAt, null)
  }),
  row(['21', 'disconnected', 'T_giveUp', '', 'gaveUp', 'timers stopped'], whileModal, (s) => {
    s.wait(600)
    s.is('disconnected/modal')
    s.gaveUp()
    s.is('gaveUp/modal')
    s.also('detail', s.view.detail?.key, 'comes-back')
    s.also('next change by itself', s.state.nextAt, null)
  }),
  row(['22', 'gaveUp', 'USER_RETRY / wake', '', 'reconnecting', 'new 10 s clock'], whileModal, (s) => {
    s.gaveUp()
    s.wait(60_000)
    s.is('gaveUp/modal')
    s.press('retry')
    s.trying()
    s.is('reconnecting/bar')
    s.failed(60_000)
    s.wait(9_999)
    s.is('reconnecting/bar')
    s.wait(1)
    s.is('disconnected/modal')
  }),
  row(
    [
      '23',
      'any down',
      'NAV_OFFLINE',
      '',
      'same, cause=device',
      'countdown hidden; one probe at once, then each 30 s',
    ],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.failed(30_000, 'device')
      s.is('reconnecting/bar')
      s.also('title', s.view.title?.key, 'device-offline')
      s.also('countdown', s.view.nextAttemptAt, null)
    },
  ),
  row(
    ['24', 'any down', 'NAV_ONLINE', '', 'same', 'probe at once and after 100 ms; do not declare up'],
    () => whileLost(4_000),
    (s) => {
      s.failed(30_000, 'device')
      s.is('reconnecting/bar')
      s.trying('device')
      s.is('reconnecting/bar')
    },
  ),
  row(
    [
      '25',
      'any down',
      "response recognised as our API's (2xx–4xx with the expected marker or content type)",
      '',
      'treat as LINK_UP',
      'overrides `onLine=false`',
    ],
    () => whileLost(4_000),
    (s) => {
      s.failed(30_000, 'device')
      s.is('reconnecting/bar')
      s.up()
      s.is('recovered/bar')
    },
  ),
  row(
    [
      '26',
      'any down',
      'captive-portal answer (wrong marker)',
      '',
      'same, cause=portal',
      '"You may need to sign in to this network"',
    ],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.failed(3_000, 'portal')
      s.is('reconnecting/bar')
      s.also('title', s.view.title?.key, 'portal')
    },
  ),
]
