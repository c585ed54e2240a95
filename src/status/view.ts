/** What people are told, as data. Components render this and decide nothing. */
import type { Cause, QueueFacts } from '../core/state.js'

/** What people are told; never what the machine knows (that is a link state). docs/spec/ux.md, 1.1. */
export type Phase =
  | 'connecting'
  | 'online'
  | 'slow'
  | 'grace'
  | 'reconnecting'
  | 'disconnected'
  | 'maintenance'
  | 'authRequired'
  | 'sessionLost'
  | 'resyncing'
  | 'syncing'
  | 'attention'
  | 'recovered'
  | 'unstable'
  | 'offlineByChoice'
  | 'gaveUp'

/** Where it is told. `panel` takes the modal's place with `escalation: 'panel'`. */
export type Surface = 'none' | 'bar' | 'modal' | 'panel'

/** One of the five semantic colours. */
export type Tone = 'idle' | 'warn' | 'bad' | 'ok' | 'info'

/** The names of the icons (docs/spec/ux.md, section 4). */
export type IconName = 'sync' | 'clock' | 'wifi-off' | 'cloud-up' | 'check-circle' | 'triangle' | 'lock' | 'x'

/** A text to be translated: a key of the catalogue and its numbers or words. */
export interface Message {
  readonly key: MessageKey
  readonly params: Readonly<Record<string, string | number>>
}

/** What a person may do about it; the first one is the most likely. At most two are shown. */
export type StatusAction =
  'retry' | 'keep-working' | 'review' | 'sign-in' | 'reload' | 'copy' | 'go-online' | 'dismiss' | 'details'

/** Every text of the kit, in one catalogue. Params are named behind each. */
export type MessageKey =
  // titles
  | 'connecting'
  | 'cannot-connect'
  | 'slow'
  | 'reconnecting'
  | 'connection-lost'
  | 'cannot-reach'
  | 'device-offline'
  | 'portal'
  | 'maintenance'
  | 'overdue'
  | 'sign-in-needed'
  | 'session-lost'
  | 'resyncing'
  | 'syncing'
  | 'waiting-to-send'
  | 'attention' // { count }
  | 'resync-failed'
  | 'changes-lost' // the database has lost changes that were waiting
  | 'new-version' // of the application: a part of this one can no longer be loaded
  | 'recovered'
  | 'unstable'
  | 'offline-by-choice'
  | 'gave-up'
  // details
  | 'check-connection'
  | 'slow-detail'
  | 'kept-on-device' // changes are kept on this device
  | 'kept-in-tab' // kept in this tab; don't close it
  | 'next-try' // { seconds }
  | 'trying'
  | 'back-in-about' // { seconds }
  | 'no-action-needed'
  | 'nothing-lost'
  | 'reload-detail'
  | 'progress' // { sent, total }
  | 'all-sent' // { count }
  | 'changes-waiting' // { count }
  | 'comes-back' // gave up: we'll try again when you come back
  | 'waiting-in-tab' // { count } changes wait, kept in this tab only
  | 'check-latest' // some are lost: which ones, nobody knows
  // notes about the place where the changes are kept
  | 'store-unavailable'
  | 'store-blocked' // an old tab has to be closed
  | 'close-older-tab'
  | 'store-newer' // the page is older than what is kept
  | 'reload-later'
  | 'changes-aside' // { count } cannot be read
  | 'reload-may-help'

/** The whole of what is told. Instants are epoch ms. */
export interface StatusView {
  readonly phase: Phase
  readonly surface: Surface
  readonly tone: Tone
  readonly icon: IconName
  /** The icon turns only while an attempt runs. */
  readonly busy: boolean
  readonly title: Message | null
  readonly detail: Message | null
  /** What is safe: `kept-on-device` or `kept-in-tab`. Absent: no changes wait, and nothing is promised. */
  readonly kept?: Message
  /** The service that this is about, by its name in `connections`. Absent: a single, unnamed one. */
  readonly service?: string
  readonly cause: Cause | null
  /** When the running outage began; null: none. */
  readonly since: number | null
  /** `trying`: an attempt is out; `waiting`: the next is due at `nextAttemptAt`. */
  readonly attempt: 'none' | 'waiting' | 'trying'
  /** When the next attempt is due; null where no countdown is to be shown. Only for waits of 3 s and more. */
  readonly nextAttemptAt: number | null
  /** When the server said it would be back; null: it did not. */
  readonly estimateAt: number | null
  readonly actions: readonly StatusAction[]
  readonly queue: QueueFacts
  /** 0 to 1 while changes are sent; null otherwise. */
  readonly progress: number | null
}

/** Something to be spoken by assistive technology, once. */
export interface Announcement {
  readonly politeness: 'polite' | 'assertive'
  readonly message: Message
  /** A second sentence that belongs to it, such as `all-sent` behind `recovered`. */
  readonly detail?: Message
}

/** What the page does that matters to what is shown. */
export type PageEvent =
  /** A key, paste or IME composition; typing is over 2 s after the last. */
  | { readonly type: 'TYPED' }
  | { readonly type: 'COMPOSING'; readonly on: boolean }
  | { readonly type: 'HIDDEN'; readonly hidden: boolean }
  /** A modal dialog that is not ours. */
  | { readonly type: 'FOREIGN_DIALOG'; readonly open: boolean }
  /** Pointer or focus is on our surface. */
  | { readonly type: 'ENGAGED'; readonly engaged: boolean }
  /** "Keep working", Escape, or the x of a hint. */
  | { readonly type: 'DISMISS' }

/** The second machine, running. */
export interface Status {
  readonly view: StatusView
  /** Calls on each change of the view. */
  subscribe(listener: (view: StatusView) => void): () => void
  /** Calls with each text to be spoken, already limited in rate. */
  onAnnounce(listener: (announcement: Announcement) => void): () => void
  send(event: PageEvent): void
  /** Starts to listen to its connections and sources; returns its stop. Idempotent while running. */
  start(): () => void
}
