/** The way back: sign-in, session, catching up, sending (docs/spec/ux.md, 1.3). */
import { whileLost, whileUp } from './script.js'
import { row, whileSignedOut, whileSyncing, type Row } from './rows.js'

/** Rows 27 to 43. */
export const BACK_ROWS: readonly Row[] = [
  row(
    ['27', 'any down', 'LINK_UP', '401, refresh refused', 'authRequired', 'queue frozen, drafts kept'],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.up()
      s.connection({ auth: 'refreshing' })
      s.also('no green meanwhile', s.view.tone, 'info')
      s.connection({ auth: 'required' })
      s.is('authRequired/bar')
      s.also('actions', s.view.actions, ['sign-in'])
      s.also('speaks', s.spoken.at(-1), {
        politeness: 'assertive',
        message: { key: 'sign-in-needed', params: {} },
        detail: { key: 'nothing-lost', params: {} },
        at: 64_000,
      })
    },
  ),
  row(['28', 'authRequired', 'AUTH_OK', '', 'resyncing', 'resume queue in order'], whileSignedOut, (s) => {
    s.is('authRequired/bar')
    // However long that takes, nothing is well before it.
    s.wait(20_000)
    s.said('polite reconnecting', 'assertive sign-in-needed')
    s.press('sign-in')
    s.connection({ auth: 'valid', resync: 'running' })
    s.is('resyncing/bar')
    s.connection({ resync: 'none' })
    s.is('recovered/bar')
  }),
  row(
    ['29', 'authRequired', 'AUTH_OTHER_USER', '', 'sessionLost', 'queue is never sent as the other user'],
    whileSignedOut,
    (s) => {
      s.is('authRequired/bar')
      s.facts({ session: 'lost' })
      s.connection({ auth: 'valid' })
      s.is('sessionLost/bar')
    },
  ),
  row(
    ['30', 'any down', 'LINK_UP', 'session unknown', 'sessionLost', 'no auto reload'],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.facts({ session: 'lost' })
      s.up()
      s.is('sessionLost/bar')
      s.also('actions', s.view.actions, ['reload', 'copy'])
      s.also('next change by itself', s.state.nextAt, null)
    },
  ),
  row(['31', 'sessionLost', 'USER_RELOAD', '', '(page)', 'persist drafts, then reload'], whileUp, (s) => {
    s.facts({ session: 'lost' })
    s.is('sessionLost/bar')
    s.also('offered', s.view.actions.includes('reload'), true)
    s.press('copy')
    s.press('reload')
  }),
  row(
    ['32', 'any down', 'LINK_UP', '', 'resyncing', 'announce nothing yet'],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.connection({ resync: 'running' })
      s.up()
      s.is('resyncing/bar')
      s.wait(8_000)
      s.said('polite reconnecting')
    },
  ),
  row(
    ['33', 'resyncing', 'done', 'G8 ∧ G7', 'recovered', 'polite'],
    () => whileLost(4_000),
    (s) => {
      s.connection({ resync: 'running' })
      s.up()
      s.is('resyncing/bar')
      s.connection({ resync: 'none' })
      s.is('recovered/bar')
      s.wait(5_000)
      s.said('polite reconnecting', 'polite recovered')
    },
  ),
  row(
    ['34', 'resyncing', 'done', 'G8 ∧ ¬G7', 'online', 'silent'],
    () => whileLost(500),
    (s) => {
      s.connection({ resync: 'running' })
      s.up()
      s.is('resyncing/none')
      s.wait(300)
      s.connection({ resync: 'none' })
      s.is('online/none')
      s.wait(20_000)
      s.said()
    },
  ),
  row(
    ['35', 'resyncing', 'done', '¬G8', 'syncing', 'bar if > 1 s estimated or G7'],
    () => whileLost(500),
    (s) => {
      s.connection({ resync: 'running' })
      s.up()
      s.write()
      s.is('resyncing/none')
      s.connection({ resync: 'none' })
      s.is('syncing/none')
      s.wait(1_000)
      s.is('syncing/bar')
    },
  ),
  row(
    [
      '36',
      'resyncing',
      'fails with the link up',
      '',
      'same, three tries, then attention with the reason',
      'a failure of the link is row 41',
    ],
    () => whileLost(4_000),
    (s) => {
      s.connection({ resync: 'running' })
      s.up()
      s.is('resyncing/bar')
      s.connection({ resync: 'failed' })
      s.is('attention/bar')
      s.also('title', s.view.title?.key, 'resync-failed')
    },
  ),
  row(['37', 'syncing', 'ITEM_OK', '', 'same', 'n of m'], whileSyncing, (s) => {
    s.is('syncing/bar')
    s.queue({ waiting: 2, sent: 1 })
    s.is('syncing/bar')
    s.also('detail', s.view.detail, { key: 'progress', params: { sent: 1, total: 3 } })
    s.also('progress', s.view.progress, 1 / 3)
  }),
  row(
    [
      '38',
      'syncing',
      'ITEM_FAIL (4xx ≠ 401, 408, 409, 412, 425, 429)',
      '',
      'same',
      'item → failed; continue with independent items',
    ],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.wait(5_000)
      s.queue({ waiting: 2, failed: 1 })
      s.is('syncing/bar')
      s.said('polite reconnecting', 'polite attention')
    },
  ),
  row(
    [
      '39',
      'syncing',
      'ITEM_CONFLICT (412, 409 without Retry-After)',
      '',
      'same',
      'item → conflict; no auto retry',
    ],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.queue({ waiting: 2, conflict: 1 })
      s.is('syncing/bar')
    },
  ),
  row(
    ['39b', 'syncing', '409 with Retry-After', '', 'same', 'item → unconfirmed; again with the same key'],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.queue({ waiting: 3, sending: 0 })
      s.is('syncing/bar')
    },
  ),
  row(
    ['40', 'syncing', '429/503 + Retry-After', '', 'same, paused', '"Waiting to send" + time'],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.queue({ pausedUntil: 62_000 + 8_000 })
      s.is('syncing/bar')
      s.also('title', s.view.title?.key, 'waiting-to-send')
      s.also('detail', s.view.detail, { key: 'next-try', params: { seconds: 8 } })
      s.also('countdown', s.view.nextAttemptAt, 70_000)
      s.wait(8_000)
      s.also('then', s.view.title?.key, 'syncing')
    },
  ),
  row(
    [
      '41',
      'syncing',
      'LOST',
      '',
      'reconnecting',
      'in-flight item → unconfirmed at its place; sent again, same key, only if its handler declares that keys are honoured',
    ],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.lose()
      s.is('reconnecting/bar')
    },
  ),
  row(
    [
      '42',
      'syncing',
      'drained, failed + conflict + unconfirmed + blocked = 0',
      '',
      'recovered [G7], else online',
      'count in text',
    ],
    whileSyncing,
    (s) => {
      s.is('syncing/bar')
      s.queue({ waiting: 0, sent: 3, oldestAt: null })
      s.is('recovered/bar')
      s.also('detail', s.view.detail, { key: 'all-sent', params: { count: 3 } })
      const silent = whileLost(500)
      silent.up()
      silent.write()
      silent.queue({ waiting: 0, sent: 1, oldestAt: null })
      s.also('without a surface', `${silent.view.phase}/${silent.view.surface}`, 'online/none')
    },
  ),
  row(['43', 'syncing', 'drained, any of these > 0', '', 'attention', 'Review'], whileSyncing, (s) => {
    s.is('syncing/bar')
    s.queue({ waiting: 0, sent: 2, failed: 1, oldestAt: null })
    s.is('attention/bar')
    s.also('actions', s.view.actions, ['review'])
    s.press('review')
  }),
]
