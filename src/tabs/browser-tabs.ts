/** The tabs of this browser, as one port. */
import type { Clock } from '../core/clock.js'
import { joinBus, type Bus } from './bus.js'
import { lead, type Lead } from './leader.js'

/** What tabs share things by. */
export interface BrowserTabs {
  lead(name: string, onChange: (leads: boolean) => void): Lead
  join(name: string, hear: (message: unknown) => void): Bus
}

/** null where there are no locks or no broadcasts (plain-http pages, servers): every tab is on its own there. */
export function browserTabs(clock: Clock): BrowserTabs | null {
  if (typeof document === 'undefined' || typeof BroadcastChannel === 'undefined') return null
  // Not there in insecure contexts, whatever the types say.
  if (!(navigator as { readonly locks?: unknown }).locks) return null
  return { lead: (name, onChange) => lead(clock, name, onChange), join: joinBus }
}
