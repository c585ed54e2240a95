/** What is rarer (docs/spec/ux.md, 1.3). */
import { createScript, whileUp } from './script.js'
import {
  DISMISS,
  row,
  whileFailed,
  whileModal,
  whileOffline,
  whileSignedOut,
  whileSyncing,
  type Row,
} from './rows.js'

/** Rows 60 to 68. */
export const RARE_ROWS: readonly Row[] = [
  row(
    ['60', 'online', 'NAV_OFFLINE, suspicion', '', 'grace', 'one probe; good → online, nothing shown'],
    whileUp,
    (s) => {
      s.is('online/none')
      // However often: what was only suspected is no loss, and nothing "keeps dropping".
      for (let time = 0; time < 3; time++) {
        s.suspect('device')
        s.is('grace/none')
        s.wait(900)
        s.up()
        s.is('online/none')
      }
      s.suspect('timeout')
      s.wait(999)
      s.is('grace/none')
      s.wait(1)
      s.is('reconnecting/bar')
      const unplugged = whileUp()
      unplugged.suspect('device')
      unplugged.wait(1_000)
      s.also('unplugged', `${unplugged.view.phase}/${unplugged.view.surface}`, 'reconnecting/bar')
    },
  ),
  row(
    [
      '61',
      'connecting',
      'NOTICE / 401 refused / portal',
      '',
      'maintenance / authRequired / same, cause=portal',
      '',
    ],
    createScript,
    (s) => {
      s.start()
      s.is('connecting/none')
      s.lose('portal')
      s.wait(2_000)
      s.is('connecting/bar')
      s.also('title', s.view.title?.key, 'portal')
      s.connection({ auth: 'required' })
      s.is('authRequired/bar')
      s.connection({ auth: 'unknown' })
      s.notice()
      s.is('maintenance/bar')
    },
  ),
  row(
    ['62', 'online', '401 with refresh failed / portal', '', 'authRequired / grace, then as lost', ''],
    whileUp,
    (s) => {
      s.is('online/none')
      s.connection({ auth: 'refreshing' })
      s.is('online/none')
      s.connection({ auth: 'required' })
      s.is('authRequired/bar')
      const portal = whileUp()
      portal.suspect('portal')
      s.also('portal', `${portal.view.phase}/${portal.view.surface}`, 'grace/none')
      portal.lose('portal')
      portal.wait(1_000)
      s.also('then', `${portal.view.phase}/${portal.view.surface}`, 'reconnecting/bar')
    },
  ),
  row(
    [
      '63',
      'reconnecting, disconnected',
      'NOTICE by the probe',
      '',
      'maintenance',
      'estimate shown and updated; the modal closes to the bar',
    ],
    whileModal,
    (s) => {
      s.is('disconnected/modal')
      s.wait(600)
      s.notice(30_000)
      s.is('maintenance/bar')
      s.wait(1_000)
      s.notice(10_000)
      s.also('detail', s.view.detail, { key: 'back-in-about', params: { seconds: 10 } })
    },
  ),
  row(
    [
      '64',
      'authRequired, sessionLost',
      'LOST',
      '',
      'same phase, no countdown',
      'connection texts join in Details',
    ],
    whileSignedOut,
    (s) => {
      s.is('authRequired/bar')
      s.lose('server', 20_000)
      s.is('authRequired/bar')
      s.also('countdown', s.view.nextAttemptAt, null)
      s.wait(11_000)
      s.is('authRequired/bar')
      s.also('countdown', s.view.nextAttemptAt, null)
      s.also('actions', s.view.actions, ['sign-in', 'details'])
    },
  ),
  row(['65', 'syncing', '401, refresh failed', '', 'authRequired', 'drain paused'], whileSyncing, (s) => {
    s.is('syncing/bar')
    s.connection({ auth: 'required' })
    s.is('authRequired/bar')
    s.connection({ auth: 'valid' })
    s.is('syncing/bar')
  }),
  row(['66', 'offlineByChoice', 'write', '', 'same', 'count grows'], whileOffline, (s) => {
    s.is('offlineByChoice/bar')
    s.write()
    s.write()
    s.is('offlineByChoice/bar')
    s.also('detail', s.view.detail, { key: 'changes-waiting', params: { count: 2 } })
  }),
  row(['67', 'attention', 'new write', '', 'same, unless it waits > 1 s', ''], whileFailed, (s) => {
    s.is('attention/bar')
    s.write()
    s.wait(999)
    s.is('attention/bar')
    s.wait(1)
    s.is('syncing/bar')
  }),
  row(
    [
      '68',
      'any up',
      'NEW_VERSION (a lazy part is gone from the server)',
      '',
      'attention',
      'Reload, or put away until the next part is missed; nothing reloads by itself',
    ],
    whileUp,
    (s) => {
      s.is('online/none')
      s.facts({ newVersionAt: 60_000 })
      s.is('attention/bar')
      s.also('tone', s.view.tone, 'info')
      s.also('actions', s.view.actions, ['reload', 'dismiss'])
      s.said('polite new-version')
      s.press('reload')
      s.wait(600)
      s.page(DISMISS)
      s.is('online/none')
      s.lose()
      s.wait(2_000)
      s.up()
      s.is('recovered/bar')
      s.facts({ newVersionAt: 63_000 })
      s.is('attention/bar')
    },
  ),
]
