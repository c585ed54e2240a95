/** What the link remembers, and how it is kept up. Pure. */
import type { ConnectionEvent, LinkState, Memory, WakeKind } from './state.js'
import { isDown } from './state.js'

/** The memory of a connection that has not been started. */
export const BLANK: Memory = Object.freeze({
  step: 0,
  incidentAt: null,
  onlineAt: null,
  lastProbeAt: null,
  lastWakeAt: {},
  lastManualAt: null,
  downVisibleMs: 0,
  downSeenAt: null,
  hiddenAt: null,
  awayMs: 0,
  navOnline: true,
  everOnline: false,
  boot: null,
  plan: null,
  repeatOnce: false,
})

/** Memory after the browser's hints in this event, and with the visible downtime counted up to now. */
export function kept(link: LinkState, event: ConnectionEvent, now: number): Memory {
  let memory = link.memory
  if (isDown(link) && memory.downSeenAt !== null && now > memory.downSeenAt) {
    memory = { ...memory, downVisibleMs: memory.downVisibleMs + now - memory.downSeenAt, downSeenAt: now }
  }
  switch (event.type) {
    case 'HIDDEN':
      return memory.hiddenAt === null ? { ...memory, hiddenAt: now, downSeenAt: null } : memory
    case 'VISIBLE':
      if (memory.hiddenAt === null) return memory
      return {
        ...memory,
        hiddenAt: null,
        awayMs: now - memory.hiddenAt,
        downSeenAt: isDown(link) ? now : null,
      }
    case 'NAV_ONLINE':
      return memory.navOnline ? memory : { ...memory, navOnline: true }
    case 'NAV_OFFLINE':
      return memory.navOnline ? { ...memory, navOnline: false } : memory
    default:
      return memory
  }
}

const WAKES: Partial<Record<ConnectionEvent['type'], WakeKind>> = {
  WAKE: 'wake',
  VISIBLE: 'visible',
  NAV_ONLINE: 'nav-online',
}

/** The kind of waking that this event is; undefined: it is none. */
export function wakeKind(event: ConnectionEvent): WakeKind | undefined {
  return WAKES[event.type]
}
