/** Every part of the kit in one application, in the midst of an outage: rendered on a server and taken over in a page. */
import { createSSRApp, h, type App } from 'vue'
import {
  ConnectionBadge,
  ConnectionDetails,
  QueuedActionList,
  RetryModal,
  SavedHint,
  StatusBar,
} from '../../../src/components/index.js'
import { createHoldfast } from '../../../src/vue/index.js'
import { MODALS } from '../../../stories/components/modals.js'
import { EVERY_ROW, fixedQueue, type RowSketch } from '../../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../../stories/support/fixed-status.js'

/**
 * The same application on both sides. A server knows nothing of the outage, and a page learns of it once it lives; nor
 * does it know what waits on the device, which a page may have read before it takes over.
 */
export function createTree(rows: readonly RowSketch[] = EVERY_ROW): App {
  const { status, connections, clock } = fixedHoldfast(MODALS.disconnected)
  const queue = fixedQueue(rows, clock.now(), { persisted: true })
  const app = createSSRApp({
    render: () => [
      h('header', [h(ConnectionBadge, { always: true, onPress: () => {} })]),
      h(StatusBar, { onReview: () => {}, onDetails: () => {} }),
      h('main', [
        h('label', ['Note ', h('input', { name: 'note' }), h(SavedHint, { action: 'b' })]),
        h(QueuedActionList),
        h(ConnectionDetails, { open: true }),
      ]),
      h(RetryModal),
    ],
  })
  return app.use(createHoldfast({ connections, status, queue }))
}
