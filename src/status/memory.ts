/** What the machine remembers between two events: instants, never answers. The answers are derived. */
import type { StatusEvent, StatusFacts } from './facts.js'
import type { StatusPolicy } from './options.js'
import type { StatusView } from './view.js'

/** A loss that people may hear of: proven, or a suspicion older than the grace. */
export interface Outage {
  /** The first evidence. */
  readonly since: number
  /** The link has never been up: "Can't connect", never "Reconnecting". */
  readonly isFirst: boolean
  /** When the grace was over; null: nothing is said yet. */
  readonly toldAt: number | null
  /** Downtime seen on a visible page, up to `seenAt`; starts anew when somebody comes back. */
  readonly visibleMs: number
  /** Since when more of it is counted; null: the page is hidden. */
  readonly seenAt: number | null
  /** When it became `disconnected`; null: not, or not any more. */
  readonly escalatedAt: number | null
}

/** From the first loss until the link has been stable: one dismissal and one announcement each. */
export interface Incident {
  readonly since: number
  /** "Keep working" was chosen (guard G4). */
  readonly isDismissed: boolean
}

/** "Back online", while it shows. */
export interface Recovered {
  /** How long it still shows, from `from` on. */
  readonly leftMs: number
  /** Null: pointer or focus is on it, and its time stands still. */
  readonly from: number | null
  /** An outage went before; otherwise only the sending was told. */
  readonly isReturn: boolean
  /** How many changes were sent; 0: none, or nobody knows. */
  readonly sent: number
}

/** "The connection is slow", whether it shows or was hidden by its x. */
export interface Slow {
  /** Since when no request was pending for long; null: one is. */
  readonly calmSince: number | null
  readonly isDismissed: boolean
}

/** The small memory beside the facts. */
export interface StatusMemory {
  readonly outage: Outage | null
  readonly incident: Incident | null
  /** The losses of the last minute; three of them are kept until it is calm (guard G5). */
  readonly losses: readonly number[]
  /** When the link last came up. */
  readonly upAt: number | null
  /** When the page was hidden; null: it is visible. */
  readonly hiddenAt: number | null
  /** When the page was last shown. */
  readonly shownAt: number
  /** The instant that is waited for, and since when. */
  readonly wait: { readonly at: number; readonly from: number } | null
  /** What has to be followed by a good end: a first connect, or a loss (also of the session, or by choice). */
  readonly trouble: 'none' | 'first' | 'loss'
  /** Since when the state is being fetched again; null: it is not. */
  readonly resyncSince: number | null
  /** Changes are being sent, and that is told. */
  readonly sync: { readonly since: number; readonly total: number } | null
  readonly recovered: Recovered | null
  readonly slow: Slow | null
  /** The loss of kept changes that a person has put away (its `lostAt`); null: none. */
  readonly lossSeen: number | null
  /** The new version that a person has put away (its `newVersionAt`); null: none. */
  readonly versionSeen: number | null
  /** Since when nothing but an attempt in flight (G2) stands against the dialog. */
  readonly dialogDueSince: number | null
  /** Since when the dialog is open. */
  readonly dialogSince: number | null
  /** Since when anything shows. */
  readonly surfaceSince: number | null
}

/** The memory of a machine that has seen nothing. */
export const BLANK_MEMORY: StatusMemory = {
  outage: null,
  incident: null,
  losses: [],
  upAt: null,
  hiddenAt: null,
  shownAt: -Infinity,
  wait: null,
  trouble: 'none',
  resyncSince: null,
  sync: null,
  recovered: null,
  slow: null,
  lossSeen: null,
  versionSeen: null,
  dialogDueSince: null,
  dialogSince: null,
  surfaceSince: null,
}

/** Everything that a step of the machine is decided by. */
export interface Moment {
  readonly event: StatusEvent
  readonly facts: StatusFacts
  /** The facts before the event. */
  readonly before: StatusFacts
  /** What was shown before the event. */
  readonly shown: StatusView
  readonly policy: StatusPolicy
  readonly now: number
  /** Somebody has come back: hidden or asleep for long. */
  readonly isReturn: boolean
}

/** Something shows (guard G7). */
export const isShown = ({ surface }: StatusView): boolean => surface !== 'none'

/** Our dialog, or the panel in its place, shows. */
export const isDialog = ({ surface }: Pick<StatusView, 'surface'>): boolean =>
  surface === 'modal' || surface === 'panel'

/** Changes that were kept are lost, and nobody has said that he has read it. */
export const isLossOpen = ({ lossSeen }: StatusMemory, { queue: { lostAt = null } }: StatusFacts): boolean =>
  lostAt !== null && lostAt !== lossSeen

/** There is a new version of the application, and nobody has put the offer away since it was last missed. */
export const isVersionOpen = ({ versionSeen }: StatusMemory, { newVersionAt = null }: StatusFacts): boolean =>
  newVersionAt !== null && newVersionAt !== versionSeen

/** Three losses within a minute, and not yet calm again (guard G5). */
export const isUnstable = ({ losses }: StatusMemory, { unstable }: StatusPolicy): boolean =>
  losses.length >= unstable.losses
