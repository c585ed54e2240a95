import { enBase, enKept } from './en-base.js'
import type { BaseLocale, Words } from './locale.js'

/** Everything that a status can say, without what the list alone says. */
const messages: Partial<BaseLocale['messages']> = {
  ...enKept,
  connecting: 'Connecting…',
  'cannot-connect': 'Can’t connect',
  slow: 'The connection is slow',
  reconnecting: 'Reconnecting…',
  'connection-lost': 'Connection lost',
  'cannot-reach': 'Can’t reach the server',
  'device-offline': 'You’re not connected to the internet',
  portal: 'You may need to sign in to this network',
  maintenance: 'Updating the service',
  overdue: 'Taking longer than expected',
  'sign-in-needed': 'Sign in again to continue',
  'session-lost': 'This page needs to be reloaded to continue',
  resyncing: 'Catching up…',
  syncing: 'Sending your changes',
  'waiting-to-send': 'Waiting to send',
  attention: { one: '{count} change could not be sent', other: '{count} changes could not be sent' },
  'resync-failed': 'The latest changes could not be loaded',
  'new-version': 'A new version is available',
  recovered: 'Back online',
  unstable: 'Your connection keeps dropping',
  'offline-by-choice': 'Working offline',
  'gave-up': 'Still can’t connect',
  'check-connection': 'Check your connection.',
  'slow-detail': 'Saving may take a while.',
  'kept-on-device': 'Your changes are kept on this device.',
  'next-try': 'Next try in {time}',
  trying: 'Trying…',
  'back-in-about': 'Back in about {time}. No action needed.',
  'no-action-needed': 'No action needed.',
  'nothing-lost': 'Nothing you typed is lost.',
  'reload-detail': 'Copy any changes first.',
  progress: '{sent} of {total}',
  'all-sent': { one: 'Your change was sent.', other: 'All {count} changes sent.' },
  'changes-waiting': { one: '{count} change waiting', other: '{count} changes waiting' },
  'comes-back': 'We’ll try again when you come back.',
  'waiting-in-tab': {
    one: '{count} change waiting, in this tab only',
    other: '{count} changes waiting, in this tab only',
  },
}

/** English: the bar and the modal. */
export const enSurfaces: Words<'bar' | 'modal'> = {
  ...enBase,
  messages: messages as BaseLocale['messages'],
  actions: {
    retry: 'Try now',
    'keep-working': 'Keep working',
    review: 'Review',
    'sign-in': 'Sign in',
    reload: 'Reload',
    copy: 'Copy my changes',
    'go-online': 'Go online',
    dismiss: 'Hide this message',
    details: 'Details',
  },
  bar: { label: 'Connection status' },
  modal: {
    titles: {
      'cannot-reach': 'We can’t reach the server',
      'cannot-connect': 'We can’t connect to the server',
      'gave-up': 'We still can’t reach the server',
    },
    reading: 'You can keep reading and working.',
    keptOnDevice: {
      one: 'You can keep reading; {count} change is kept on this device and will be sent when you are back online.',
      other:
        'You can keep reading; {count} changes are kept on this device and will be sent when you are back online.',
    },
    keptInTab: {
      one: 'You can keep reading, but don’t close this tab; {count} change is kept in it and will be sent when you are back online.',
      other:
        'You can keep reading, but don’t close this tab; {count} changes are kept in it and will be sent when you are back online.',
    },
    next: 'Next automatic try',
    inTime: 'in {time}',
    soon: 'in a moment',
    whenConnected: 'when you are online',
    trying: 'Trying…',
  },
}
