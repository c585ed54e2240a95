/** The window whose person is asked before he leaves, while a write waits in memory. */
import type { LeaveWindow } from '../core/leave.js'

export { createLeaveGuard, type LeaveWindow } from '../core/leave.js'

/** The page's window; null: there is none. */
export function pageWindow(): LeaveWindow | null {
  const { window, document } = globalThis
  return typeof document === 'object' && typeof window?.addEventListener === 'function' ? window : null
}
