/** What has happened to a connection, in words that a person can read out to somebody who helps. Pure. */
import type { Cause, ConnectionEvent, ConnectionState } from '../../core/state.js'
import type { EventText, TryText } from '../locales/locale.js'

/** Something that has happened, without when and where. */
export interface Happening {
  readonly event: EventText
  /** Why the connection is doubted or lost, or an attempt has failed. */
  readonly cause?: Cause
  /** Which attempt, from 1. */
  readonly attempt?: number
  /** Why that attempt was made. */
  readonly tried?: TryText
}

/** The same, with when and where. */
export interface DiaryEntry extends Happening {
  /** Epoch ms. */
  readonly at: number
  /** The service, by its key in `connections`; null: it is the only one. */
  readonly service: string | null
}

/** What made somebody try; everything else is that its time had come. */
const TRIES: Readonly<Partial<Record<ConnectionEvent['type'], TryText>>> = {
  RETRY_NOW: 'byHand',
  WAKE: 'woken',
  VISIBLE: 'woken',
  NAV_ONLINE: 'network',
  NAV_OFFLINE: 'network',
  WANTED: 'wanted',
}

const isDown = (name: ConnectionState['link']['name']) => ['waiting', 'trying', 'stopped'].includes(name)

/** What people are to know of a step; most steps are none of it. */
export function happeningsIn(
  before: ConnectionState,
  after: ConnectionState,
  event: ConnectionEvent,
): readonly Happening[] {
  const [old, now] = [before.link, after.link]
  const all: Happening[] = []
  if (before.intent !== after.intent) all.push({ event: after.intent === 'offline' ? 'paused' : 'resumed' })
  if (old.name === 'trying' && now.name === 'waiting')
    all.push({ event: 'failed', attempt: old.attempt, cause: now.cause })
  if (now.name === 'suspect' && old.name !== 'suspect') all.push({ event: 'suspected', cause: now.cause })
  if (isDown(now.name) && !isDown(old.name) && 'cause' in now && now.cause)
    all.push({ event: 'lost', cause: now.cause })
  if (now.name === 'trying' && (old.name !== 'trying' || old.attempt !== now.attempt))
    all.push({ event: 'trying', attempt: now.attempt, tried: TRIES[event.type] ?? 'due' })
  if (now.name === 'stopped' && old.name !== 'stopped') all.push({ event: 'stopped' })
  if (now.name === 'online' && old.name !== 'online') all.push({ event: 'online' })
  if (after.auth === 'required' && before.auth !== 'required') all.push({ event: 'signInNeeded' })
  if (before.auth === 'required' && after.auth === 'valid') all.push({ event: 'signedIn' })
  return all
}
