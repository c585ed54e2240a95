/** Where drafts lie: texts under keys, read and written at once, so that the last ones are there before a page is gone. */
import type { Stop } from '../../core/state.js'

/** A place for drafts. Methods may throw where the browser refuses: whoever calls them says so. */
export interface DraftStore {
  /** The text under this key; null: none. */
  read(key: string): string | null
  /** Throws a `QuotaExceededError` where there is no room. */
  write(key: string, text: string): void
  remove(key: string): void
  /** Every key, also those of others. */
  keys(): readonly string[]
  /** Calls when another tab has changed what lies under a key. */
  onForeignChange(listener: (key: string) => void): Stop
}

/** The least of `localStorage` that is needed. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/**
 * Drafts in `localStorage`. It is looked up at each call: where a browser denies it, that is an error of the call
 * and not of the page.
 *
 * @param storage Default: the page's `localStorage`.
 */
export function localDrafts(storage?: DraftStorage): DraftStore {
  const place = () => storage ?? globalThis.localStorage
  return {
    read: (key) => place().getItem(key),
    write: (key, text) => place().setItem(key, text),
    remove: (key) => place().removeItem(key),
    keys: () => Array.from({ length: place().length }, (_, at) => place().key(at) ?? ''),
    onForeignChange(listener) {
      const heard = (event: StorageEvent) => {
        if (event.key !== null) listener(event.key)
      }
      globalThis.addEventListener?.('storage', heard)
      return () => globalThis.removeEventListener?.('storage', heard)
    },
  }
}

const PREFIX = 'holdfast.draft:'

const prefixOf = (scope: string) => `${PREFIX}${encodeURIComponent(scope)}:`

/** The key of one person's draft of one form: no name can be made that reads another person's. */
export const keyOf = (scope: string, name: string): string => prefixOf(scope) + encodeURIComponent(name)

/** A draft as it lies in the store. */
export interface DraftRecord {
  readonly version: number
  readonly savedAt: number
  readonly expiresAt: number
  readonly values: unknown
}

/** The record in a text; null: it is none of ours, or damaged. `__proto__` is no name of a field. */
export function readRecord(text: string | null): DraftRecord | null {
  try {
    const record = JSON.parse(text ?? 'null', (name, value: unknown) =>
      name === '__proto__' ? undefined : value,
    ) as Partial<DraftRecord> | null
    const numbers = [record?.version, record?.savedAt, record?.expiresAt]
    return numbers.every((one) => typeof one === 'number') ? (record as DraftRecord) : null
  } catch {
    return null
  }
}

/** Takes away every draft whose time is over, whoever's it is: people who never come back leave nothing behind. */
export function sweep(store: DraftStore, now: number): void {
  for (const key of store.keys()) {
    if (!key.startsWith(PREFIX)) continue
    const record = readRecord(store.read(key))
    if (record && now >= record.expiresAt) store.remove(key)
  }
}

/**
 * Erases every draft of a person on this device: for signing out where others use it, too. A form that is open goes on
 * keeping what is typed into it.
 *
 * @param scope whose: the `scope` of `useDraft`
 * @param store Default: `localDrafts()`.
 */
export function forgetDrafts(scope: string, store: DraftStore = localDrafts()): void {
  for (const key of store.keys()) if (key.startsWith(prefixOf(scope))) store.remove(key)
}
