/** Every variant of what the modal says. */
import { NO_QUEUE } from '../support/fixed-status.js'
import { BARS, text, waiting, type PhaseView } from './phases.js'

const modal: PhaseView = {
  ...BARS.disconnected,
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
