/** Green, attention, keeps dropping, slow, and working offline (docs/spec/ux.md, 1.3). */
import { whileLost, whileUp } from './script.js'
import {
  DISMISS,
  engaged,
  flap,
  memoryOf,
  row,
  whileFailed,
  whileGreen,
  whileModal,
  whileOffline,
  whileRed,
  whileSlow,
  whileUnstable,
  type Row,
} from './rows.js'

/** Rows 44 to 59. */
export const WELL_ROWS: readonly Row[] = [
  row(['44', 'attention', 'all resolved', '', 'online', ''], whileFailed, (s) => {
    s.is('attention/bar')
    s.wait(600)
    s.queue({ failed: 0 })
    s.is('online/none')
  }),
  row(['45', 'attention', 'LOST', '', 'reconnecting', 'attention returns after'], whileFailed, (s) => {
    s.is('attention/bar')
    s.lose()
    s.is('reconnecting/bar')
    s.wait(2_000)
    s.up()
    s.is('attention/bar')
  }),
  row(['46', 'recovered', '3 s', 'no hover/focus', 'online', ''], whileGreen, (s) => {
    s.is('recovered/bar')
    s.wait(2_900)
    s.page(engaged(true))
    s.wait(20_000)
    s.is('recovered/bar')
    s.page(engaged(false))
    s.wait(99)
    s.is('recovered/bar')
    s.wait(1)
    s.is('online/none')
  }),
  row(
    ['47', 'any up', '3rd loss in 60 s then LINK_UP', '', 'unstable', 'one announcement / 30 s'],
    whileUp,
    (s) => {
      flap(s, 2)
      s.is('recovered/bar')
      s.lose()
      s.wait(2_000)
      s.is('reconnecting/bar')
      s.up()
      s.is('unstable/bar')
      s.wait(2_000)
      flap(s, 5)
      s.is('unstable/bar')
      s.said('polite reconnecting', 'polite unstable')
    },
  ),
  row(['48', 'unstable', '30 s calm', '', 'online', ''], whileUnstable, (s) => {
    s.is('unstable/bar')
    s.wait(27_999)
    s.is('unstable/bar')
    s.wait(1)
    s.is('online/none')
  }),
  row(['49', 'online', 'SLOW_ON', '', 'slow', 'if user has pending work'], whileUp, (s) => {
    s.facts({ pendingSince: 60_000 })
    s.wait(2_999)
    s.is('online/none')
    s.wait(1)
    s.is('slow/bar')
    s.also('tone', s.view.tone, 'idle')
  }),
  row(['50', 'slow', 'SLOW_OFF 10 s / dismiss', '', 'online', ''], whileSlow, (s) => {
    s.is('slow/bar')
    s.wait(1_000)
    s.facts({ pendingSince: null })
    s.wait(9_999)
    s.is('slow/bar')
    s.wait(1)
    s.is('online/none')
    const hint = whileSlow()
    hint.wait(600)
    hint.page(DISMISS)
    s.also('after its x', `${hint.view.phase}/${hint.view.surface}`, 'online/none')
  }),
  row(
    ['51', 'offlineByChoice', 'GO_ONLINE', '', 'reconnecting', 'immediate attempt, no grace'],
    whileOffline,
    (s) => {
      s.is('offlineByChoice/bar')
      s.press('go-online')
      s.connection({ intent: 'online' })
      s.start()
      s.is('reconnecting/bar')
      s.also('attempt', s.view.attempt, 'trying')
    },
  ),
  row(['52', 'offlineByChoice', 'LOST/LINK_UP', '', 'same', 'ignored'], whileOffline, (s) => {
    s.is('offlineByChoice/bar')
    for (let loss = 0; loss < 3; loss++) {
      s.lose()
      s.is('offlineByChoice/bar')
      s.up()
      s.is('offlineByChoice/bar')
    }
    s.wait(20_000)
    s.said()
    // Nor are they counted afterwards: nothing "keeps dropping".
    s.connection({ intent: 'online' })
    s.is('recovered/bar')
  }),
  row(
    ['53', 'maintenance', '60 s / 2×ETA', '', 'disconnected', '"Taking longer than expected"'],
    whileUp,
    (s) => {
      s.notice()
      s.is('maintenance/bar')
      s.wait(59_999)
      s.notice()
      s.is('maintenance/bar')
      s.wait(1)
      s.is('disconnected/modal')
      s.also('title', s.view.title?.key, 'overdue')
      const long = whileUp()
      long.notice(45_000)
      long.wait(89_999)
      long.failed(9_000, 'planned')
      s.also('with an estimate', long.view.phase, 'maintenance')
      long.wait(1)
      s.also('and twice that', long.view.phase, 'disconnected')
    },
  ),
  row(['54', 'any', 'STABLE 5 s (G9)', '', 'same', 'reset backoff, G4'], whileRed, (s) => {
    s.is('disconnected/bar')
    s.up()
    s.wait(5_000)
    s.lose('server', 60_000)
    s.wait(10_000)
    s.is('disconnected/modal')
  }),
  row(['57', 'any', 'UNMOUNT/SSR', '', '–', 'timers, listeners, dialogs gone'], whileModal, (s) => {
    s.is('disconnected/modal')
    s.wait(600)
    s.connection({ link: { name: 'idle', memory: memoryOf(s) } })
    s.wait(600)
    s.also('surface', s.view.surface, 'none')
    s.also('next change by itself', s.state.nextAt, null)
  }),
  row(
    ['58', 'reconnecting, disconnected/bar, grace', 'USER_RETRY', '≥ 1 s', 'same', 'attempt now'],
    whileRed,
    (s) => {
      s.is('disconnected/bar')
      s.press('retry')
      s.trying()
      s.is('disconnected/bar')
      const grace = whileLost(500)
      grace.trying()
      s.also('in the grace', `${grace.view.phase}/${grace.view.surface}`, 'grace/none')
    },
  ),
  row(
    [
      '59',
      'any',
      'GO_OFFLINE',
      '',
      'offlineByChoice',
      'timers stopped; the action in flight may finish, nothing further is sent; reads reject `paused`, durable writes queue; kept over a reload',
    ],
    whileUp,
    (s) => {
      s.is('online/none')
      s.connection({ intent: 'offline', link: { name: 'idle', memory: memoryOf(s) } })
      s.is('offlineByChoice/bar')
      s.also('actions', s.view.actions, ['go-online'])
    },
  ),
]
