import { h, type FunctionalComponent } from 'vue'
import QueuedActionRow from '../QueuedActionRow.vue'

/**
 * A row with the slots of the list, where the application has given any. Without them a row whose props are the same
 * is left alone: slots that are handed on would make every row new with each change of one (P12).
 */
export const RowView: FunctionalComponent<Record<string, unknown>> = (_props, { attrs, slots }) =>
  h(QueuedActionRow as object, attrs, Object.keys(slots).length > 0 ? slots : undefined)
RowView.inheritAttrs = false
