/**
 * An application with every part of the kit, whose status and queue stand still until a test says what is next.
 * `?rows=` has so many changes in the list, `?stored=tab` keeps them in the page alone, `?placement=` says where the
 * bar stands, and `?links=` puts so many below everything else.
 */
import { createApp, defineComponent, h, KeepAlive, ref } from 'vue'
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

const query = new URLSearchParams(location.search)
const many = Number(query.get('rows') ?? 0)
const placement = (query.get('placement') ?? 'flow') as 'flow' | 'sticky' | 'floating'
const links = Array.from({ length: Number(query.get('links') ?? 0) }, (_, place) => `Link ${place}`)
const rows = many
  ? Array.from({ length: many }, (_, place) => ({
      id: `n${place}`,
      label: `Order ${place}`,
      state: { name: 'queued' as const },
    }))
  : EVERY_ROW

const fixed = fixedHoldfast({ ...SILENT.online, queue: waiting(3) })
const queue = fixedQueue(rows, fixed.clock.now(), { persisted: query.get('stored') !== 'tab' })
const views = {
  ...BARS,
  ...Object.fromEntries(Object.entries(MODALS).map(([name, view]) => [`modal ${name}`, view])),
}

/** Whether the details are open, whether another page is shown in place of the desk, which is put aside, and whether there is a dialog. */
const details = ref(false)
const isAway = ref(false)
const hasDialog = ref(true)

/** What a test holds in its hands. */
const kit = {
  names: [...Object.keys(SILENT), ...Object.keys(views)],
  show: (name: string) => fixed.show({ ...SILENT, ...views }[name as 'online']),
  panel: () => fixed.show({ ...MODALS.disconnected, surface: 'panel' }),
  announce: fixed.announce,
  /** The server has these changes. */
  confirm: (...ids: readonly string[]) => ids.forEach((id) => queue.confirm(id)),
  /** Where the changes are kept from now on. */
  stored: (on: 'device' | 'tab') => queue.tell({ persisted: on === 'device' }),
  details: (open: boolean) => (details.value = open),
  dialog: (on: boolean) => (hasDialog.value = on),
  away: (on: boolean) => (isAway.value = on),
  /** What was told last of pointer and focus on the bar. */
  engaged: () => fixed.events.findLast((event) => event.type === 'ENGAGED')?.engaged,
  advance: fixed.clock.advance,
  asked: () => [...fixed.asked, ...queue.asked],
  /** Of dialogs that are not ours, as they were told: opened, closed. */
  foreign: () => fixed.events.flatMap((event) => (event.type === 'FOREIGN_DIALOG' ? [event.open] : [])),
  dismissed: () => fixed.events.filter(({ type }) => type === 'DISMISS').length,
}
export type Kit = typeof kit
Object.assign(window, { kit })

const Desk = defineComponent(() => {
  const show = () => (details.value = true)
  return () => [
    h('header', [h('h1', 'Order desk'), h(ConnectionBadge, { onPress: show })]),
    h(StatusBar, { placement, onReview: show, onSignIn: show, onCopy: show, onDetails: show }),
    h('main', [
      h(ConnectionDetails, { open: details.value, 'onUpdate:open': kit.details }),
      h('label', ['Note ', h('input', { name: 'note', value: 'abcdefg' })]),
      h(SavedHint, { action: 'b' }),
      h(QueuedActionList, { onReview: show, onEdit: show }),
      h('a', { href: '#' }, 'The end'),
      ...links.map((name) => h('a', { href: '#' }, name)),
    ]),
    hasDialog.value ? h(RetryModal) : null,
  ]
})
const Elsewhere = defineComponent(() => () => [h(StatusBar), h('a', { href: '#' }, 'Elsewhere')])

createApp(() => h(KeepAlive, () => h(isAway.value ? Elsewhere : Desk)))
  .use(createHoldfast({ connections: fixed.connections, status: fixed.status, queue }))
  .mount('#app')
