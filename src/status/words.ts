/** The words, the look and the buttons of each phase: the table of docs/spec/ux.md, 1.1, as code. Pure. */
import type { Cause, LinkState } from '../core/state.js'
import { causeOf, countAttention, countWaiting, isInFlight } from './facts.js'
import { isDialog, isLossOpen, isVersionOpen, type Moment, type StatusMemory } from './memory.js'
import type { IconName, Message, MessageKey, Phase, StatusAction, StatusView, Surface, Tone } from './view.js'

/** What a phase says and how it looks. */
export type Words = Pick<StatusView, 'tone' | 'icon' | 'title' | 'detail' | 'actions' | 'busy'>

/** What the words are made from. */
export interface Scene {
  readonly phase: Phase
  readonly surface: Surface
  readonly memory: StatusMemory
  readonly moment: Moment
  readonly kept: Message | null
  /** The countdown that is shown; null: none. */
  readonly nextAttemptAt: number | null
  readonly estimateAt: number | null
}

/** A text and its numbers. */
export const message = (key: MessageKey, params: Message['params'] = {}): Message => ({ key, params })

const secondsTo = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1000))

/** Changes are kept: said only if there are any, and "on this device" only if that is true. */
export function keptMessage({ facts: { queue } }: Pick<Moment, 'facts'>): Message | null {
  if (countWaiting(queue) + queue.unconfirmed === 0) return null
  return message(queue.persisted ? 'kept-on-device' : 'kept-in-tab')
}

const titled = (
  tone: Tone,
  icon: IconName,
  title: Message | null,
  detail: Message | null = null,
  actions: readonly StatusAction[] = [],
  busy = false,
): Words => ({ tone, icon, title, detail, actions, busy })

/** Causes that say more than the phase does. */
const TITLE_OF_CAUSE: Partial<Record<Cause, MessageKey>> = { device: 'device-offline', portal: 'portal' }

const causeTitle = (link: LinkState): MessageKey | undefined => TITLE_OF_CAUSE[causeOf(link) ?? 'server']

const nextTry = ({ nextAttemptAt, moment: { now } }: Scene): Message | null =>
  nextAttemptAt === null ? null : message('next-try', { seconds: secondsTo(nextAttemptAt, now) })

const waitingCount = ({ moment: { facts } }: Scene): Message | null => {
  const count = countWaiting(facts.queue)
  if (count === 0) return null
  return message(facts.queue.persisted ? 'changes-waiting' : 'waiting-in-tab', { count })
}

/** Yellow, and before the first connection: the same shape, "Try now" always there. */
function reconnecting(scene: Scene, going: MessageKey, lost: MessageKey, isIdle: boolean): Words {
  const { link } = scene.moment.facts.connection
  const busy = isInFlight(link, scene.moment.now)
  const counted = nextTry(scene)
  const special = causeTitle(link)
  const title = special ?? (counted ? lost : going)
  const icon = special === 'device-offline' ? 'wifi-off' : counted ? 'clock' : 'sync'
  return titled(isIdle ? 'idle' : 'warn', icon, message(title), counted ?? scene.kept, ['retry'], busy)
}

/** Red: in the dialog it advises, in the bar it counts. */
function disconnected(scene: Scene, title: MessageKey, fallback: MessageKey): Words {
  const { link } = scene.moment.facts.connection
  const advice = causeOf(link) === 'device' ? null : message(fallback)
  const isOpen = isDialog(scene)
  const detail = isOpen ? (advice ?? scene.kept) : (waitingCount(scene) ?? nextTry(scene) ?? advice)
  const actions: readonly StatusAction[] = isOpen ? ['retry', 'keep-working'] : ['retry', 'details']
  return titled('bad', 'wifi-off', message(title), detail, actions, isInFlight(link, scene.moment.now))
}

function titleOfLoss({ memory, moment }: Scene): MessageKey {
  const { link } = moment.facts.connection
  const special = causeTitle(link)
  if (special) return special
  if (causeOf(link) === 'planned') return 'overdue'
  return memory.outage?.isFirst ? 'cannot-connect' : 'cannot-reach'
}

/** One icon, whether it is being asked just now or not: between two polls nothing has changed for people. */
function maintenance({ estimateAt, moment: { now } }: Scene): Words {
  const detail =
    estimateAt !== null && estimateAt > now
      ? message('back-in-about', { seconds: secondsTo(estimateAt, now) })
      : message('no-action-needed')
  return titled('info', 'clock', message('maintenance'), detail)
}

function syncing(scene: Scene): Words {
  const { queue } = scene.moment.facts
  if (scene.nextAttemptAt !== null || (queue.pausedUntil ?? 0) > scene.moment.now) {
    return titled('info', 'clock', message('waiting-to-send'), nextTry(scene) ?? scene.kept)
  }
  const { sent, total } = queue
  return titled(
    'info',
    'cloud-up',
    message('syncing'),
    total > 0 ? message('progress', { sent, total }) : null,
  )
}

/** What a person has to see to; of several the second one is told behind the first. */
function attention({ memory, moment: { facts } }: Scene): Words {
  const count = countAttention(facts.queue)
  const isLost = isLossOpen(memory, facts)
  const isNew = isVersionOpen(memory, facts)
  const all = [
    count > 0 ? message('attention', { count }) : null,
    facts.connection.resync === 'failed' ? message('resync-failed') : null,
    isLost ? message('changes-lost') : null,
    isLost ? message('check-latest') : null,
    isNew ? message('new-version') : null,
  ]
  const [title = null, detail = null] = all.filter((one) => one !== null)
  const actions: StatusAction[] = count > 0 || isLost ? ['review'] : ['reload']
  if (isLost || isNew) actions.push('dismiss')
  // A new version alone is an offer, and nothing is wrong.
  return title?.key === 'new-version'
    ? titled('info', 'sync', title, null, actions)
    : titled('warn', 'triangle', title, detail, actions)
}

function recovered({ memory }: Scene): Words {
  const { isReturn = true, sent = 0 } = memory.recovered ?? {}
  const all = sent > 0 ? message('all-sent', { count: sent }) : null
  // Where nothing was lost before, nobody is "back".
  return isReturn
    ? titled('ok', 'check-circle', message('recovered'), all)
    : titled('ok', 'check-circle', all ?? message('recovered'))
}

/** One entry per phase. */
const WORDS: Readonly<Record<Phase, (scene: Scene) => Words>> = {
  online: () => titled('idle', 'check-circle', null),
  grace: () => titled('idle', 'sync', null),
  connecting: (scene) => {
    const isFirstTry = scene.moment.facts.connection.link.name === 'connecting'
    if (!scene.memory.outage) return titled('idle', 'sync', message('connecting'))
    return reconnecting(scene, isFirstTry ? 'connecting' : 'cannot-connect', 'cannot-connect', isFirstTry)
  },
  reconnecting: (scene) => reconnecting(scene, 'reconnecting', 'connection-lost', false),
  disconnected: (scene) => disconnected(scene, titleOfLoss(scene), 'check-connection'),
  gaveUp: (scene) => disconnected(scene, 'gave-up', 'comes-back'),
  maintenance,
  authRequired: ({ memory }) =>
    titled('warn', 'lock', message('sign-in-needed'), message('nothing-lost'), [
      'sign-in',
      ...(memory.outage ? (['details'] as const) : []),
    ]),
  sessionLost: () =>
    titled('warn', 'triangle', message('session-lost'), message('reload-detail'), ['reload', 'copy']),
  resyncing: () => titled('info', 'sync', message('resyncing'), null, [], true),
  syncing,
  attention,
  unstable: () => titled('warn', 'triangle', message('unstable')),
  recovered,
  slow: () => titled('idle', 'clock', message('slow'), message('slow-detail'), ['dismiss']),
  offlineByChoice: (scene) =>
    titled('idle', 'wifi-off', message('offline-by-choice'), waitingCount(scene), ['go-online']),
}

/** What this scene says. */
export const wordsOf = (scene: Scene): Words => WORDS[scene.phase](scene)
