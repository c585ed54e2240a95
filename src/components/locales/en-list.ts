import { enBase, enKept } from './en-base.js'
import type { BaseLocale, Words } from './locale.js'

/** Everything that is said of the place where changes are kept: the list says no more of a status. */
const messages: Partial<BaseLocale['messages']> = {
  ...enKept,
  'store-unavailable': 'This browser can’t keep changes on this device.',
  'store-blocked': 'An older tab of this app is open, so changes can’t be kept on this device.',
  'close-older-tab': 'Close it, then reload this page once nothing is waiting.',
  'store-newer': 'This page is out of date, so changes can’t be kept on this device.',
  'reload-later': 'Reload it once nothing is waiting.',
  'changes-aside': {
    one: '{count} change on this device can’t be read; it is kept, but not sent.',
    other: '{count} changes on this device can’t be read; they are kept, but not sent.',
  },
  'reload-may-help': 'Reloading the page may help.',
}
const actions: Partial<BaseLocale['actions']> = { review: 'Review' }

/** English: the list of waiting changes. */
export const enList: Words<'list'> = {
  ...enBase,
  messages: messages as BaseLocale['messages'],
  actions: actions as BaseLocale['actions'],
  list: {
    label: 'Waiting changes',
    count: { one: '{count} change waiting', other: '{count} changes waiting' },
    needy: { one: '{count} change needs you', other: '{count} changes need you' },
    empty: 'No changes are waiting',
    retry: 'Retry',
    retryFailed: 'Retry failed',
    discard: 'Discard',
    discardAll: 'Discard all…',
    askOne: 'Discard this change? It can’t be brought back.',
    askAll: {
      one: 'Discard {count} change? It can’t be brought back.',
      other: 'Discard {count} changes? They can’t be brought back.',
    },
    keep: 'Keep',
    mine: 'Keep mine',
    theirs: 'Keep theirs',
    edit: 'Edit',
    discarded: 'Discarded',
    undo: 'Undo',
    notDone: 'That did not work. Try again.',
    others: 'Other changes',
    wasSaved: 'It was saved',
    sendAgain: 'Send again',
    states: {
      queued: 'Waiting · {ago}',
      sending: 'Sending…',
      unconfirmed: 'We don’t know yet whether this was saved',
      blocked: 'Waiting for another change',
      failed: 'Not sent: {reason}',
      conflict: 'Not sent: {reason}',
      sent: 'Sent',
    },
    reasons: {
      rejected: 'the server did not accept it',
      expired: 'it waited too long',
      depends: 'it needs a change that was discarded or not sent',
      'no-handler': 'this version of the page can’t send it',
      unsendable: 'it could not be prepared for sending',
      conflict: 'someone else changed this item',
    },
  },
}
