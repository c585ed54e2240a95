/** What is spoken, and how seldom: docs/spec/ux.md, 2.1, no. 3. Pure. */
import { countAttention, isHidden } from './facts.js'
import { isLossOpen, isUnstable, isVersionOpen, type Moment, type StatusMemory } from './memory.js'
import type { StatusPolicy } from './options.js'
import { canDialogFollow } from './surface.js'
import type { Announcement, Message, StatusView } from './view.js'
import { message } from './words.js'

/** What a text is about: while it waits to be spoken it has to stay true. */
type Topic =
  | 'lost'
  | 'escalated'
  | 'gave-up'
  | 'planned'
  | 'person'
  | 'sync-start'
  | 'sync-half'
  | 'back'
  | 'failed'
  | 'gone'
  | 'version'
  | 'unstable'

interface Utterance extends Announcement {
  readonly topic: Topic
  /** What it belongs to: spoken once for each; null: each time. */
  readonly of: number | null
  /** Not before this instant. */
  readonly notBefore: number
}

/** The announcer's memory: one text waits per politeness, the newest. */
export interface Voice {
  readonly polite: Utterance | null
  readonly assertive: Utterance | null
  readonly politeAt: number
  readonly assertiveAt: number
  readonly unstableAt: number
  /** `topic@of` of what was spoken lately. */
  readonly said: readonly string[]
}

/** An announcer that has not spoken. */
export const SILENT: Voice = {
  polite: null,
  assertive: null,
  politeAt: -Infinity,
  assertiveAt: -Infinity,
  unstableAt: -Infinity,
  said: [],
}

/** So many are remembered: more than an incident has. */
const REMEMBERED = 8

/** What there is to compare: before and after the step. */
export interface Change {
  readonly before: StatusMemory
  readonly memory: StatusMemory
  readonly view: StatusView
  readonly moment: Moment
}

/** The texts that this step gives rise to, the oldest first. */
function risen({ before, memory, view, moment }: Change): Utterance[] {
  const { facts, shown, policy, now } = moment
  const texts: Utterance[] = []
  const incident = memory.incident?.since ?? 0
  const say = (
    topic: Topic,
    text: Message | null,
    {
      of = incident as number | null,
      politeness = 'polite' as Announcement['politeness'],
      notBefore = now,
    } = {},
    detail: Message | null = null,
  ) => text && texts.push({ topic, of, notBefore, politeness, message: text, ...(detail && { detail }) })

  const isNew = view.phase !== shown.phase
  const assertive = { politeness: 'assertive' } as const
  if (countAttention(facts.queue) > countAttention(moment.before.queue)) {
    say('failed', message('attention', { count: countAttention(facts.queue) }), { of: null })
  }
  if (view.phase === 'reconnecting' && isNew && !isUnstable(before, policy)) {
    // The countdown is never spoken, and "Connection lost" only stands beside it.
    const isCounted = view.title?.key === 'connection-lost'
    say('lost', isCounted ? message('reconnecting') : view.title, {}, view.kept ?? null)
  }
  // A modal takes the focus and is read with it; a panel takes none.
  const isModal = view.surface === 'modal'
  const isPanel = view.surface === 'panel' && shown.surface !== 'panel'
  const isBarForGood = isNew && view.surface === 'bar' && !canDialogFollow(memory, moment)
  if (view.phase === 'disconnected' && (isPanel || isBarForGood)) say('escalated', view.title, assertive)
  if (view.phase === 'gaveUp' && isNew && !isModal) say('gave-up', view.title, {}, view.detail)
  if (view.phase === 'maintenance' && isNew) say('planned', view.title, {}, view.detail)
  if ((view.phase === 'authRequired' || view.phase === 'sessionLost') && isNew) {
    say('person', view.title, { ...assertive, of: null }, view.detail)
  }
  const { lostAt = null } = facts.queue
  if (view.phase === 'attention' && isNew && isLossOpen(memory, facts)) {
    say('gone', message('changes-lost'), { of: lostAt }, message('check-latest'))
  }
  if (view.title?.key === 'new-version' && shown.title?.key !== 'new-version') {
    say('version', view.title, { of: facts.newVersionAt ?? null })
  }
  if (view.phase === 'unstable' && isNew) say('unstable', view.title, { of: null })
  sayProgress()
  const { recovered } = memory
  if (view.phase === 'recovered' && isNew && recovered) {
    const isLong = recovered.sent > policy.announce.moreThanItems
    const notBefore = Math.max(now, (memory.upAt ?? now) + policy.stableMs)
    if (recovered.isReturn || isLong) say('back', view.title, { of: null, notBefore }, view.detail)
  }
  return texts

  function sayProgress(): void {
    const { sent, total } = facts.queue
    if (view.phase !== 'syncing' || !memory.sync || total <= policy.announce.moreThanItems) return
    const of = memory.trouble === 'none' ? memory.sync.since : incident
    if (isNew) say('sync-start', view.title, { of })
    if (sent >= total / 2 && moment.before.queue.sent < total / 2)
      say('sync-half', message('progress', { sent, total }), { of })
  }
}

/** Whether what waits is still so. */
function isTrue({ topic }: Utterance, { memory, view, moment }: Change): boolean {
  switch (topic) {
    case 'lost':
      return memory.outage !== null
    case 'escalated':
      return view.phase === 'disconnected'
    case 'gave-up':
      return view.phase === 'gaveUp'
    case 'planned':
      return view.phase === 'maintenance'
    case 'person':
      return view.phase === 'authRequired' || view.phase === 'sessionLost'
    case 'sync-start':
    case 'sync-half':
      return view.phase === 'syncing'
    case 'back':
      return memory.outage === null && memory.trouble === 'none' && !isUnstable(memory, moment.policy)
    case 'failed':
      return countAttention(moment.facts.queue) > 0
    case 'gone':
      return isLossOpen(memory, moment.facts)
    case 'version':
      return isVersionOpen(memory, moment.facts)
    case 'unstable':
      return isUnstable(memory, moment.policy) && memory.outage === null
  }
}

const nameOf = ({ topic, of }: Utterance): string => `${topic}@${of}`

/** When a text may be spoken at the earliest. */
function dueAt(voice: Voice, text: Utterance, { announce }: StatusPolicy): number {
  const paceAt =
    text.politeness === 'polite'
      ? voice.politeAt + announce.politeMs
      : voice.assertiveAt + announce.assertiveMs
  return Math.max(text.notBefore, paceAt)
}

/** The announcer after a step, and what it speaks in it. */
export function speak(voice: Voice, change: Change): readonly [Voice, readonly Announcement[]] {
  const { policy, now } = change.moment
  let next = voice
  for (const text of risen(change)) {
    const isTooSoon = text.topic === 'unstable' && now < voice.unstableAt + policy.announce.unstableMs
    if (!isTooSoon && !voice.said.includes(nameOf(text))) next = { ...next, [text.politeness]: text }
  }
  const spoken: Announcement[] = []
  for (const politeness of ['assertive', 'polite'] as const) {
    const text = next[politeness]
    if (!text) continue
    if (!isTrue(text, change)) next = { ...next, [politeness]: null }
    // Nobody hears a hidden page.
    else if (now >= dueAt(next, text, policy) && !isHidden(change.moment.facts)) {
      const { message, detail } = text
      spoken.push({ politeness, message, ...(detail && { detail }) })
      next = {
        ...next,
        [politeness]: null,
        [`${politeness}At`]: now,
        unstableAt: text.topic === 'unstable' ? now : next.unstableAt,
        said: text.of === null ? next.said : [...next.said, nameOf(text)].slice(-REMEMBERED),
      }
    }
  }
  return [next, spoken]
}

/** When the next waiting text is due. */
export function voiceDueAt(voice: Voice, policy: StatusPolicy): readonly (number | null)[] {
  return [voice.assertive, voice.polite].map((text) => text && dueAt(voice, text, policy))
}
