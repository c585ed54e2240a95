/** `holdfast/vue/drafts`: forms that survive, and pages that are not reloaded over somebody's head (B10). */
export { useDraft, type UseDraftReturn } from './use-draft.js'
export type { DraftGuard, UseDraftOptions } from './draft/options.js'
export type { DraftFound, DraftState, NotKept } from './draft/draft.js'
export { forgetDrafts, localDrafts, type DraftStorage, type DraftStore } from './draft/store.js'
export { useLeaveGuard } from './use-leave-guard.js'
export { useAutoReload, type AutoReloadOptions, type UseAutoReloadReturn } from './use-auto-reload.js'
