/** One form's draft: when it is written, what became of it, and whose it is. Knows neither Vue nor the DOM. */
import type { Clock } from '../../core/clock.js'
import type { Stop } from '../../core/state.js'
import { keepable, restorable } from './keeping.js'
import { keyOf, readRecord, sweep, type DraftStore } from './store.js'

/** Why what was typed is not on the device. */
export type NotKept = 'full' | 'unavailable' | 'too-large' | 'nobody'

/** Where the form stands. */
export type DraftState =
  /** As it began: there is nothing to be kept. */
  | { readonly name: 'untouched' }
  /** Changed, and on the device within `saveAfterMs`. */
  | { readonly name: 'changed' }
  /** On the device. `omitted` names what is left out though it was filled in. */
  | { readonly name: 'kept'; readonly at: number; readonly omitted: readonly string[] }
  /**
   * In this page alone: no room (`full`), no storage (`unavailable`), more than `maxBytes` (`too-large`), or nobody
   * is known whose it would be (`nobody`). An older draft stays where it is.
   */
  | { readonly name: 'not-kept'; readonly why: NotKept }

/** What lay on the device when the form was opened. */
export type DraftFound =
  | { readonly name: 'nothing' }
  | { readonly name: 'restored'; readonly savedAt: number }
  /** Of another version of the form, and not understood by this one: it stays until something is typed. */
  | { readonly name: 'other-version'; readonly version: number }

/** What a draft is made of. */
export interface DraftPorts<T extends object> {
  readonly name: string
  readonly version: number
  readonly migrate: ((values: unknown, version: number) => unknown) | null
  readonly maxBytes: number
  readonly maxAgeMs: number
  readonly saveAfterMs: number
  readonly store: DraftStore
  readonly clock: Clock
  /** Names and paths that are not kept, asked at each writing. */
  readonly except: () => ReadonlySet<string>
  readonly initial: () => T
  /** The form as it is now. */
  readonly values: () => T
  /** Puts values into the form. */
  readonly show: (values: T) => void
  readonly onState: (state: DraftState) => void
  readonly onFound: (found: DraftFound) => void
}

/** A draft with its handles. */
export interface Draft {
  /** From now on it is this person's; null, undefined, '': nobody new. Another person's form begins anew. */
  belongTo(scope: string | null | undefined): void
  /** Something was typed. */
  changed(): void
  /** Writes what is not written yet: the page may be gone in a moment. */
  flush(): void
  /** Lets go of what was typed, here and on the device. */
  clear(): void
  /** The person has left: the form begins anew, what is on the device stays theirs. */
  leave(): void
  /** Listens to other tabs until its stop; that writes what is not written yet. */
  start(): Stop
}

const UNTOUCHED: DraftState = { name: 'untouched' }
const NOTHING: DraftFound = { name: 'nothing' }

/** The form as it is now, as far as it may be kept. */
interface Look {
  readonly text: string
  readonly omitted: readonly string[]
  /** Nothing that may be kept is other than it began. */
  readonly isBlank: boolean
}

/** Makes a draft; it reads nothing before it belongs to somebody. */
export function createDraft<T extends object>(ports: DraftPorts<T>): Draft {
  const { clock, store } = ports
  let key: string | null = null
  let state = UNTOUCHED
  let cancel: Stop | null = null
  let origin: object = ports.initial()
  /** What is on the device, and since when; null: nothing of this form is. */
  let written: string | null = null
  let writtenAt = 0

  /** Which fields are private is known only once the controls are there: both sides are looked at anew. */
  function look(): Look {
    const except = ports.except()
    const { values, omitted } = keepable(ports.values(), except)
    const text = JSON.stringify(values)
    return { text, omitted, isBlank: text === JSON.stringify(keepable(origin, except).values) }
  }

  const isWritten = ({ text, isBlank }: Look) => (written === null ? isBlank : text === written)

  function tell(next: DraftState): void {
    state = next
    ports.onState(next)
  }

  function wait(run: boolean): void {
    cancel?.()
    cancel = run ? clock.setTimeout(save, ports.saveAfterMs) : null
  }

  /** Writes what is not written yet, and says what has become of it. */
  function save(): void {
    wait(false)
    const now = look()
    if (!isWritten(now)) {
      const why = keep(now)
      if (why) return tell({ name: 'not-kept', why })
      written = now.isBlank ? null : now.text
      writtenAt = clock.now()
    }
    tell(now.isBlank ? UNTOUCHED : { name: 'kept', at: writtenAt, omitted: now.omitted })
  }

  function keep({ text, isBlank }: Look): NotKept | null {
    const at = key
    if (at === null) return isBlank ? null : 'nobody'
    if (isBlank) return attempt(() => store.remove(at))
    const now = clock.now()
    const head = { version: ports.version, savedAt: now, expiresAt: now + ports.maxAgeMs }
    const record = `${JSON.stringify(head).slice(0, -1)},"values":${text}}`
    if (new TextEncoder().encode(record).length > ports.maxBytes) return 'too-large'
    return attempt(() => store.write(at, record))
  }

  /** The form as it begins, with what else is to be seen in it. */
  function begin(fields: object = {}): void {
    wait(false)
    written = null
    origin = ports.initial()
    ports.show({ ...ports.initial(), ...fields })
  }

  /** What was typed before it was known whose it is: newer than what they have left here. */
  function typed(): object {
    const began = origin as Readonly<Record<string, unknown>>
    const isTyped = ([name, value]: [string, unknown]) =>
      JSON.stringify(value) !== JSON.stringify(began[name])
    return Object.fromEntries(Object.entries(ports.values()).filter(isTyped))
  }

  /** Reads what is there for whom it belongs to. */
  function read(): DraftFound {
    let text: string | null = null
    attempt(() => {
      sweep(store, clock.now())
      if (key !== null) text = store.read(key)
    })
    const record = readRecord(text)
    if (!record) return NOTHING
    const isOther = record.version !== ports.version
    const values = isOther ? (ports.migrate?.(record.values, record.version) ?? null) : record.values
    if (values === null) return { name: 'other-version', version: record.version }
    const newer = typed()
    begin(restorable(origin, values))
    if (!isOther) written = look().text
    writtenAt = record.savedAt
    ports.show({ ...ports.values(), ...newer })
    return { name: 'restored', savedAt: record.savedAt }
  }

  function open(): void {
    ports.onFound(read())
    save()
  }

  function flush(): void {
    if (!isWritten(look())) save()
  }

  /** The form begins anew, and is nobody's. */
  function leave(): void {
    flush()
    key = null
    begin()
    ports.onFound(NOTHING)
    tell(UNTOUCHED)
  }

  return {
    flush,
    leave,
    belongTo(scope) {
      // Nobody has no name: what lay under one would be everybody's.
      const next = scope ? keyOf(scope, ports.name) : key
      if (next === key) return
      if (key !== null) leave()
      key = next
      open()
    },
    changed() {
      if (isWritten(look())) return save()
      if (state.name !== 'changed') tell({ name: 'changed' })
      // Not begun anew by each key: a page that crashes loses what was typed in so long at most.
      if (!cancel) wait(true)
    },
    clear() {
      const at = key
      const why = at === null ? null : attempt(() => store.remove(at))
      begin()
      ports.onFound(NOTHING)
      tell(why ? { name: 'not-kept', why } : UNTOUCHED)
    },
    start() {
      const stop = store.onForeignChange((changed) => {
        // What is being typed here is newer than what another tab has just written.
        if (changed !== key || !isWritten(look())) return
        begin()
        open()
      })
      return () => {
        flush()
        stop()
      }
    },
  }
}

/** Whatever the browser refuses is said, never thrown at somebody who types. */
function attempt(work: () => void): NotKept | null {
  try {
    work()
    return null
  } catch (error) {
    return /quota/i.test((error as Error | null)?.name ?? '') ? 'full' : 'unavailable'
  }
}
