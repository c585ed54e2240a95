/** An application with every part of the kit, whose status and queue stand still until a test says what is next. */
import { createApp, defineComponent, h, ref } from 'vue'
import '../../../src/components/style.css'
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
import { BARS, SILENT, waiting } from '../../../stories/components/phases.js'
import { EVERY_ROW, fixedQueue } from '../../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../../stories/support/fixed-status.js'
import './page.css'

const many = Number(new URLSearchParams(location.search).get('rows') ?? 0)
const rows = many
  ? Array.from({ length: many }, (_, place) => ({
      id: `n${place}`,
      label: `Order ${place}`,
      state: { name: 'queued' as const },
    }))
  : EVERY_ROW

const fixed = fixedHoldfast({ ...SILENT.online, queue: waiting(3) })
const queue = fixedQueue(rows, fixed.clock.now(), { persisted: true })
const views = {
  ...BARS,
  ...Object.fromEntries(Object.entries(MODALS).map(([name, view]) => [`modal ${name}`, view])),
}

/** What a test holds in its hands. */
const kit = {
  names: [...Object.keys(SILENT), ...Object.keys(views)],
  show: (name: string) => fixed.show({ ...SILENT, ...views }[name as 'online']),
  panel: () => fixed.show({ ...MODALS.disconnected, surface: 'panel' }),
  announce: fixed.announce,
  advance: fixed.clock.advance,
  asked: () => [...fixed.asked, ...queue.asked],
  /** Of dialogs that are not ours, as they were told: opened, closed. */
  foreign: () => fixed.events.flatMap((event) => (event.type === 'FOREIGN_DIALOG' ? [event.open] : [])),
  dismissed: () => fixed.events.filter(({ type }) => type === 'DISMISS').length,
}
export type Kit = typeof kit
Object.assign(window, { kit })

const Desk = defineComponent(() => {
  const open = ref(false)
  const show = () => (open.value = true)
  return () => [
    h('header', [h('h1', 'Order desk'), h(ConnectionBadge, { onPress: show })]),
    h(StatusBar, { onReview: show, onSignIn: show, onCopy: show, onDetails: show }),
    h('main', [
      h(ConnectionDetails, { open: open.value, 'onUpdate:open': (is: boolean) => (open.value = is) }),
      h('label', ['Note ', h('input', { name: 'note', value: 'abcdefg' })]),
      h(SavedHint, { action: 'b' }),
      h(QueuedActionList, { onReview: show, onEdit: show }),
      h('a', { href: '#' }, 'The end'),
    ]),
    h(RetryModal),
  ]
})
createApp(Desk)
  .use(createHoldfast({ connections: fixed.connections, status: fixed.status, queue }))
  .mount('#app')
