/** What every state of the link remembers, in words only. */

/** The kinds of waking; each acts at most once in 2 s. */
export type WakeKind = 'wake' | 'visible' | 'nav-online'

/** An outage that the server announced. Kept until the link is up again. */
export interface Plan {
  /** When the first notice of this incident came (epoch ms). */
  readonly firstNoticeAt: number
  /** When the newest notice came (epoch ms). */
  readonly noticedAt: number
  /** The newest estimate, counted from `noticedAt`; null: none was given. */
  readonly estimateMs: number | null
}

/** What every state of the link remembers. */
export interface Memory {
  /** The place in the schedule; not what people are shown (that is `attempt`). */
  readonly step: number
  /** The first loss of the incident that runs or ran last; a link stable for 5 s begins a new one. */
  readonly incidentAt: number | null
  /** When the link last came up; null: not yet. */
  readonly onlineAt: number | null
  /** When the last probe began. */
  readonly lastProbeAt: number | null
  /** When each kind of waking last acted. */
  readonly lastWakeAt: Readonly<Partial<Record<WakeKind, number>>>
  /** When a person last asked for an attempt. */
  readonly lastManualAt: number | null
  /** Downtime of this outage that was seen on a visible page, up to `downSeenAt`. */
  readonly downVisibleMs: number
  /** Up to when `downVisibleMs` has been counted; null: not counting (up, or hidden). */
  readonly downSeenAt: number | null
  /** When the page was hidden; null: it is visible. */
  readonly hiddenAt: number | null
  /** How long the page was hidden the last time. */
  readonly awayMs: number
  /** What the browser last said; a hint, never a verdict. */
  readonly navOnline: boolean
  /** Whether the link has ever been up: "Can't connect" or "Reconnecting". */
  readonly everOnline: boolean
  /** The server's boot id, as last seen. */
  readonly boot: string | null
  /** The announced outage that runs; null: none. */
  readonly plan: Plan | null
  /** The probe that is out was begun by NAV_ONLINE: if it fails it is repeated once after 100 ms. */
  readonly repeatOnce: boolean
}
