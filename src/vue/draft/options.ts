/** The options of `useDraft`, and what is checked about them. */
import type { MaybeRefOrGetter } from 'vue'
import { badOption, checkKeys, checkNumber } from '../../core/errors.js'
import type { ContextOption } from '../context.js'
import type { DraftStore } from './store.js'

/** When whoever leaves the page is asked. */
export type DraftGuard = 'unkept' | 'dirty' | 'off'

/** Options of `useDraft`. */
export interface UseDraftOptions<T extends object> extends ContextOption {
  /** Names the form among all forms of the application, such as `order` or `order-17`; not empty. */
  name: string
  /**
   * Whose draft it is, such as the id of the person who is signed in. Nobody else ever sees it: if it becomes somebody
   * else's, the form begins anew with what that person has left. null, undefined or '': nobody new is known; what is
   * typed stays in the form, and what belongs to somebody already stays theirs (a session that has expired). Followed.
   */
  scope: MaybeRefOrGetter<string | null | undefined>
  /** The form as it begins, made anew each time: plain data, as JSON can hold it. */
  initial: () => T
  /** The version of the form's shape, whole. Count it up when a field changes its meaning. Default: 1. */
  version?: number
  /**
   * Makes the values of this version out of a draft of another one; null: it cannot. Default: drafts of other versions
   * are not restored, are told (`found`), and stay on the device until something is typed.
   */
  migrate?: (values: unknown, version: number) => unknown
  /**
   * Fields that are never kept, by name wherever they are, or by path (`card.holder`). Besides these, never: names that
   * say password, passcode, secret, token, one-time or security code, otp, pin, cvc or card number, and what JSON cannot
   * hold, such as files and dates. Default: none.
   */
  except?: readonly string[]
  /**
   * The element around the form's controls. Then no field is kept whose control of the same `name` is, or was, a
   * password (also one shown as text meanwhile), or has an `autocomplete` of passwords, one-time codes or cards.
   * Default: names decide alone.
   */
  form?: MaybeRefOrGetter<Element | null | undefined>
  /** The largest draft, in bytes of UTF-8, from 256 to 1,048,576. Default: 65,536; a browser has about 5 MB for all. */
  maxBytes?: number
  /** A draft that is older is neither restored nor left on the device, in ms, from 1 minute to 1 year. Default: 7 days. */
  maxAgeMs?: number
  /** A change is on the device so long after it at the latest, in ms, from 0 to 60,000. Default: 300. */
  saveAfterMs?: number
  /**
   * Whoever leaves the page is asked first: while what was typed is in this page alone (`unkept`), while the form is
   * not as it began (`dirty`), or never (`off`). Default: `unkept`.
   */
  guard?: DraftGuard
  /** Where drafts lie. Default: `localDrafts()`. */
  store?: DraftStore
}

const OPTIONS = [
  ...['name', 'scope', 'initial', 'version', 'migrate', 'except', 'form'],
  ...['maxBytes', 'maxAgeMs', 'saveAfterMs', 'guard', 'store', 'context'],
]
const GUARDS: readonly DraftGuard[] = ['unkept', 'dirty', 'off']
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Checks what was given and fills in the numbers. @throws `bad-option` */
export function draftNumbers<T extends object>(options: UseDraftOptions<T>) {
  checkKeys('useDraft', options, OPTIONS)
  const { name, version = 1, guard = 'unkept', initial } = options
  const { maxBytes = 65_536, maxAgeMs = 7 * DAY_MS, saveAfterMs = 300 } = options
  if (typeof name !== 'string' || name === '')
    throw badOption('useDraft.name', name, 'a text that is not empty')
  if (typeof initial !== 'function')
    throw badOption('useDraft.initial', initial, 'a function that makes the form')
  if (!Number.isSafeInteger(version)) throw badOption('useDraft.version', version, 'a whole number')
  if (!GUARDS.includes(guard)) throw badOption('useDraft.guard', guard, GUARDS.join(', '))
  checkNumber('useDraft.maxBytes', maxBytes, 256, 1_048_576)
  checkNumber('useDraft.maxAgeMs', maxAgeMs, MINUTE_MS, 366 * DAY_MS)
  checkNumber('useDraft.saveAfterMs', saveAfterMs, 0, MINUTE_MS)
  return { name, version, guard, maxBytes, maxAgeMs, saveAfterMs }
}
