/** A loss, its grace and its escalation (docs/spec/ux.md, 1.3). */
import { createScript, whileLost, whileUp } from './script.js'
import {
  DISMISS,
  TYPED,
  foreign,
  hidden,
  row,
  whileGreen,
  whileModal,
  whileRed,
  whileSlow,
  whileUnstable,
  type Row,
} from './rows.js'

/** Rows 1 to 18. */
export const LOST_ROWS: readonly Row[] = [
  row(['1', 'idle', 'START', '', 'connecting', 'no UI for 2 s'], createScript, (s) => {
    s.start()
    s.wait(1_999)
    s.is('connecting/none')
    s.wait(1)
    s.is('connecting/bar')
  }),
  row(['2', 'connecting', 'LINK_UP', '', 'online', 'nothing shown if < 2 s'], createScript, (s) => {
    s.start()
    s.wait(1_500)
    s.is('connecting/none')
    s.up()
    s.is('online/none')
    s.wait(10_000)
    s.said()
  }),
  row(
    ['3', 'connecting', '10 s', '', 'disconnected', 'no "back online" wording: "Can\'t connect"'],
    createScript,
    (s) => {
      s.start()
      s.wait(5_000)
      s.lose('timeout', 20_000)
      s.is('connecting/bar')
      s.wait(5_000)
      s.is('disconnected/modal')
      s.also('title', s.view.title?.key, 'cannot-connect')
      s.wait(1_000)
      s.up()
      s.wait(600)
      s.is('online/none')
    },
  ),
  row(
    [
      '4',
      'online',
      'LOST',
      '¬G7 ∧ ¬G5, no durable write waiting > 1 s',
      'grace',
      'start grace, escalate, silent attempts',
    ],
    whileUp,
    (s) => {
      s.is('online/none')
      s.lose()
      s.is('grace/none')
      s.wait(999)
      s.is('grace/none')
    },
  ),
  row(
    [
      '5',
      'online',
      'LOST',
      'a durable write waiting > 1 s, or one started after the loss',
      'reconnecting',
      'no grace',
    ],
    whileUp,
    (s) => {
      s.queue({ waiting: 1, oldestAt: 59_000, lastWriteAt: 59_000 })
      s.lose()
      s.is('reconnecting/bar')
      // One that was accepted shortly before the loss ends the grace when it has waited for 1 s.
      const soon = whileUp()
      soon.queue({ waiting: 1, oldestAt: 59_500, lastWriteAt: 59_500 })
      soon.lose()
      soon.wait(499)
      s.also('waits for 999 ms', `${soon.view.phase}/${soon.view.surface}`, 'grace/none')
      soon.wait(1)
      s.also('waits for 1 s', `${soon.view.phase}/${soon.view.surface}`, 'reconnecting/bar')
    },
  ),
  row(
    ['6', 'online/slow/unstable/recovered', 'LOST', 'G7', 'reconnecting', 'bar morphs, never hides first'],
    whileSlow,
    (s) => {
      for (const [begin, was] of [
        [whileSlow, 'slow/bar'],
        [whileUnstable, 'unstable/bar'],
        [whileGreen, 'recovered/bar'],
      ] as const) {
        const other = begin()
        s.also('shows', `${other.view.phase}/${other.view.surface}`, was)
        other.suspect()
        s.also('suspected, still shows', `${other.view.phase}/${other.view.surface}`, was)
        other.lose()
        s.also('then shows', `${other.view.phase}/${other.view.surface}`, 'reconnecting/bar')
      }
    },
  ),
  row(
    ['7', 'any up', 'LOST(planned)', 'proved by the probe', 'maintenance', 'no grace, ETA shown'],
    whileUp,
    (s) => {
      s.notice(20_000)
      s.is('maintenance/bar')
      s.also('detail', s.view.detail, { key: 'back-in-about', params: { seconds: 20 } })
      s.also('estimateAt', s.view.estimateAt, 80_000)
      s.also('tone', s.view.tone, 'info')
    },
  ),
  row(
    ['8', 'grace', 'LINK_UP', '', 'online', 'no UI, no announcement'],
    () => whileLost(700),
    (s) => {
      s.is('grace/none')
      s.up()
      s.is('online/none')
      s.wait(60_000)
      s.said()
    },
  ),
  row(
    ['9', 'grace', 'T_grace', '', 'reconnecting', 'polite announcement'],
    () => whileLost(999),
    (s) => {
      s.is('grace/none')
      s.wait(1)
      s.is('reconnecting/bar')
      s.said('polite reconnecting')
    },
  ),
  row(
    ['10', 'grace', 'user write', '', 'reconnecting', 'at once'],
    () => whileLost(300),
    (s) => {
      s.is('grace/none')
      s.write()
      s.is('reconnecting/bar')
    },
  ),
  row(
    ['11', 'reconnecting', 'T_retry', '', 'same', 'attempt++ ; text "Reconnecting…"'],
    () => whileLost(4_000),
    (s) => {
      s.is('reconnecting/bar')
      s.trying()
      s.is('reconnecting/bar')
      s.also('title', s.view.title?.key, 'reconnecting')
      s.also('busy', s.view.busy, true)
    },
  ),
  row(
    ['12', 'reconnecting', 'ATTEMPT_FAIL', '', 'same', '"Connection lost. Next try in N s" + Try now'],
    () => whileLost(4_000),
    (s) => {
      s.trying()
      s.is('reconnecting/bar')
      s.failed(5_000)
      s.is('reconnecting/bar')
      s.also('title', s.view.title?.key, 'connection-lost')
      s.also('detail', s.view.detail, { key: 'next-try', params: { seconds: 5 } })
      s.also('actions', s.view.actions, ['retry'])
    },
  ),
  row(
    ['13', 'reconnecting', 'T_escalate', '¬G1–G6', 'disconnected/modal', 'focus heading'],
    () => whileLost(9_999),
    (s) => {
      s.is('reconnecting/bar')
      s.wait(1)
      s.is('disconnected/modal')
      s.said('polite reconnecting')
      // A panel takes no focus: it is spoken.
      const panel = whileLost(10_000, { escalation: 'panel' })
      s.also('with escalation panel', `${panel.view.phase}/${panel.view.surface}`, 'disconnected/panel')
      s.also('speaks', panel.spoken.at(-1)?.politeness, 'assertive')
    },
  ),
  row(
    [
      '14',
      'reconnecting',
      'T_escalate',
      'G1 ∨ G3',
      'disconnected/bar',
      "silent; assertive only where no modal can follow (G4, G5, `escalation: 'bar'`)",
    ],
    () => whileLost(9_500),
    (s) => {
      s.page(TYPED)
      s.is('reconnecting/bar')
      s.wait(500)
      s.is('disconnected/bar')
      s.said('polite reconnecting')
      const only = whileLost(10_000, { escalation: 'bar' })
      s.also('with escalation bar', `${only.view.phase}/${only.view.surface}`, 'disconnected/bar')
      s.also('speaks', only.spoken.at(-1)?.politeness, 'assertive')
    },
  ),
  row(
    ['14b', 'disconnected/bar', 'G1 and G3 cleared', '¬G2, ¬G4, ¬G5, ¬G6', 'disconnected/modal', ''],
    () => whileLost(9_000),
    (s) => {
      s.page(foreign(true))
      s.wait(1_500)
      s.page(TYPED)
      s.is('disconnected/bar')
      s.page(foreign(false))
      s.is('disconnected/bar')
      s.wait(1_999)
      s.is('disconnected/bar')
      s.wait(1)
      s.is('disconnected/modal')
    },
  ),
  row(
    ['15', 'reconnecting', 'T_escalate', 'G2', 'same', 'wait for result ≤ 2 s'],
    () => whileLost(9_950),
    (s) => {
      s.trying()
      s.wait(50)
      s.is('reconnecting/bar')
      s.wait(1_999)
      s.is('reconnecting/bar')
      s.wait(1)
      s.is('disconnected/modal')
    },
  ),
  row(
    ['16', 'reconnecting', 'T_escalate', 'G4 ∨ G5', 'disconnected/bar', 'assertive once'],
    whileUnstable,
    (s) => {
      s.lose('server', 60_000)
      s.is('reconnecting/bar')
      s.wait(10_000)
      s.is('disconnected/bar')
      s.also('speaks', s.spoken.at(-1)?.politeness, 'assertive')
      const dismissed = whileRed()
      dismissed.up()
      dismissed.wait(1_000)
      dismissed.lose('server', 60_000)
      dismissed.wait(10_000)
      s.also('dismissed', `${dismissed.view.phase}/${dismissed.view.surface}`, 'disconnected/bar')
      s.also('then speaks', dismissed.spoken.at(-1)?.politeness, 'assertive')
    },
  ),
  row(
    ['17', 'reconnecting', 'T_escalate', 'G6', 'same', 'visible clock stops'],
    () => whileLost(8_000),
    (s) => {
      s.page(hidden(true))
      s.wait(4_000)
      s.is('reconnecting/bar')
      s.page(hidden(false))
      s.wait(1_999)
      s.is('reconnecting/bar')
      s.wait(1)
      s.is('disconnected/modal')
    },
  ),
  row(
    ['18', 'disconnected/modal', 'DISMISS or Escape', '', 'disconnected/bar', 'G4 set, focus restored'],
    whileModal,
    (s) => {
      s.is('disconnected/modal')
      s.page(DISMISS)
      s.is('disconnected/bar')
      s.wait(120_000)
      s.is('disconnected/bar')
    },
  ),
]
