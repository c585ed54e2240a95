/** `holdfast/components`: what people see. Looks are in `holdfast/style.css`. */
export { default as StatusBar } from './StatusBar.vue'
export { default as RetryModal } from './RetryModal.vue'
export { default as QueuedActionList } from './QueuedActionList.vue'
export { default as ConnectionBadge } from './ConnectionBadge.vue'
export { default as SavedHint } from './SavedHint.vue'
export { default as ConnectionDetails } from './ConnectionDetails.vue'
export {
  useRetryDialog,
  useStatusBar,
  type HeadlessOptions,
  type StatusBarOptions,
  type StatusButton,
  type UseRetryDialogReturn,
  type UseStatusBarReturn,
} from './headless.js'
export { useLiveRegions, type LiveRegionsOptions, type UseLiveRegionsReturn } from './use-live-regions.js'
export {
  useQueuedActions,
  type QueuedActionsOptions,
  type RowButton,
  type RowView,
  type UseQueuedActionsReturn,
} from './headless-list.js'
export { useSaved, type UseSavedReturn } from './use-saved.js'
export { useDiary } from './details/use-diary.js'
export type { DiaryEntry } from './details/diary.js'
export type { Hand, RowState } from './list/row-look.js'
export type { GroupOf } from './list/arrange.js'
export { HfIcon } from './icons.js'
export { localeKey } from './locale-context.js'
export { fill, joined, say } from './locales/text.js'
export { en } from './locales/en.js'
export { zhCN } from './locales/zh-cn.js'
export type { Locale, PluralText, ReasonText, RowText, Text, TextParams } from './locales/locale.js'
