/**
 * `holdfast/tabs`: what the tabs of a browser tell each other about a connection (docs/spec/ux.md, 1.3, rows 55 and 59,
 * and "Multi-tab"): that it is back, that its dialog was put away, and that a person works offline.
 */
import { badOption, checkKeys } from '../core/errors.js'
import { isDown, type Connection, type Stop } from '../core/state.js'
import { joinBus, type Bus } from './bus.js'

/** The part of a status that is shared; what `createStatus` makes fits. */
export interface DismissibleStatus {
  send(event: { readonly type: 'DISMISS' }): void
}

/** The part of `localStorage` that is used. */
export type IntentStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Options of `acrossTabs`. */
export interface AcrossTabsOptions {
  /** The connections by name, as they are given to the plugin. Not started yet: the choice is read before that. */
  connections: Readonly<Record<string, Connection>>
  /** Whose choice it is to work offline, and whose tabs these are: the `scope` of the queue. Not empty. */
  scope: string
  /** How tabs reach each other; null: not at all. Default: BroadcastChannel, where there is one. */
  join?: ((name: string, hear: (message: unknown) => void) => Bus) | null
  /** Where the choice is kept over a reload; null: nowhere. Default: the page's `localStorage`. */
  storage?: IntentStorage | null
}

/** What is shared, until its stop. */
export interface AcrossTabs {
  /** Hands back a status whose dismissals all tabs hear of, and that hears of theirs. Give this one to the plugin. */
  status<T extends DismissibleStatus>(status: T): T
  stop: Stop
}

/** What one tab tells the others. Anybody of the origin may write such messages: they are hints, and checked. */
type Word =
  | { readonly kind: 'online'; readonly service: string }
  | { readonly kind: 'intent'; readonly service: string; readonly intent: 'online' | 'offline' }
  | { readonly kind: 'dismissed' }

/**
 * Shares with the other tabs, and takes up the choice to work offline that was made before a reload. Each tab goes on
 * proving for itself that the service is there: hearing that another one is back only makes it ask at once, and a hidden
 * one believe it.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function acrossTabs(options: AcrossTabsOptions): AcrossTabs {
  checkKeys('acrossTabs', options, ['connections', 'scope', 'join', 'storage'])
  const { connections, scope, join = joinWhereThereIs } = options
  if (typeof scope !== 'string' || scope === '')
    throw badOption('acrossTabs.scope', scope, 'a text that is not empty')
  const name = `holdfast.tabs:${encodeURIComponent(scope)}`
  const kept = keptChoice(name, options.storage)
  const offline = new Set(kept.read())
  const statuses = new Set<DismissibleStatus>()
  /** What is done here because another tab said it is not said again. */
  let isEcho = false

  const echo = (work: () => void) => {
    isEcho = true
    work()
    isEcho = false
  }
  const bus = join?.(name, (message) => echo(() => hear(message))) ?? null
  const tell = (word: Word) => {
    if (!isEcho) bus?.post(word)
  }

  function hear(message: unknown): void {
    const word = wordOf(message)
    if (word?.kind === 'dismissed') return statuses.forEach((status) => status.send({ type: 'DISMISS' }))
    const connection =
      word && Object.hasOwn(connections, word.service) ? connections[word.service] : undefined
    if (!word || !connection) return
    if (word.kind === 'intent') return connection.setIntent(word.intent)
    const { link } = connection.state
    if (isDown(link)) connection.send({ type: link.memory.hiddenAt === null ? 'VISIBLE' : 'PROBE_OK' })
  }

  function follow([service, connection]: [string, Connection]): Stop {
    if (offline.has(service)) connection.setIntent('offline')
    let before = connection.state
    return connection.subscribe((state) => {
      const { intent, link } = state
      if (intent !== before.intent) {
        offline[intent === 'offline' ? 'add' : 'delete'](service)
        kept.write([...offline])
        tell({ kind: 'intent', service, intent })
      }
      if (link.name === 'online' && isDown(before.link)) tell({ kind: 'online', service })
      before = state
    })
  }
  const stops = Object.entries(connections).map(follow)

  return {
    status(status) {
      statuses.add(status)
      const send = (event: { readonly type: 'DISMISS' }) => {
        status.send(event)
        if (event.type === 'DISMISS') tell({ kind: 'dismissed' })
      }
      // What it is made of are getters: the same object, but for what is sent to it.
      return Object.create(status, { send: { value: send } }) as typeof status
    },
    stop() {
      stops.forEach((stop) => stop())
      bus?.stop()
    },
  }
}

const joinWhereThereIs = (name: string, hear: (message: unknown) => void): Bus | null =>
  typeof BroadcastChannel === 'undefined' ? null : joinBus(name, hear)

/** The services that a person works offline with. Where nothing can be kept the choice ends with the page. */
function keptChoice(name: string, given: IntentStorage | null | undefined) {
  const place = () => (given === undefined ? globalThis.localStorage : given)
  return {
    read(): readonly string[] {
      try {
        const list: unknown = JSON.parse(place()?.getItem(name) ?? '[]')
        return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
      } catch {
        return []
      }
    },
    write(services: readonly string[]): void {
      try {
        if (services.length > 0) place()?.setItem(name, JSON.stringify(services))
        else place()?.removeItem(name)
      } catch {
        // Full, or denied.
      }
    },
  }
}

function wordOf(message: unknown): Word | null {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return null
  const { kind, service, intent } = message as Partial<Record<'kind' | 'service' | 'intent', unknown>>
  if (kind === 'dismissed') return { kind }
  if (typeof service !== 'string') return null
  if (kind === 'online') return { kind, service }
  const isIntent = kind === 'intent' && (intent === 'online' || intent === 'offline')
  return isIntent ? { kind, service, intent } : null
}
