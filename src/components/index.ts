/** `holdfast/components`: what people see. Looks are in `holdfast/style.css`. */
export { default as StatusBar } from './StatusBar.vue'
export { default as RetryModal } from './RetryModal.vue'
export { default as QueuedActionList } from './QueuedActionList.vue'
export { localeKey } from './locale-context.js'
export { en } from './locales/en.js'
export { zhCN } from './locales/zh-cn.js'
export type { Locale, PluralText, ReasonText, RowText, Text, TextParams } from './locales/locale.js'
