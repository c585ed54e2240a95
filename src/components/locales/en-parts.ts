import type { Locale } from './locale.js'

/** English: the badge, the hint beside a control, and the details. */
export const enParts: Pick<Locale, 'badge' | 'hint' | 'details'> = {
  badge: { online: 'Connected' },
  hint: {
    onDevice: 'Saved on this device',
    inTab: 'Kept in this tab only',
    saved: 'Saved',
    notSaved: 'Not saved: {reason}',
  },
  details: {
    title: 'Connection details',
    state: 'State',
    since: 'Since',
    cause: 'Why',
    next: 'Next try',
    changes: 'Changes',
    page: 'Page',
    browser: 'Browser',
    history: 'What was tried',
    nothing: 'Nothing has happened since this page was opened.',
    copy: 'Copy as text',
    copied: 'Copied',
    notCopied: 'It could not be copied. Select the text and copy it.',
    close: 'Close',
    causes: {
      device: 'the device is not connected to a network',
      server: 'the server did not answer as it should',
      timeout: 'the server did not answer in time',
      planned: 'the server announced a restart',
      portal: 'the network asks for a sign-in',
    },
    tries: {
      due: 'it was due',
      byHand: 'somebody asked for it',
      woken: 'somebody came back to the page',
      network: 'the device is connected again',
      wanted: 'something was waiting',
    },
    events: {
      suspected: 'Checking the connection: {reason}',
      lost: 'Connection lost: {reason}',
      trying: 'Try {attempt}: {reason}',
      failed: 'Try {attempt} failed: {reason}',
      online: 'Connected',
      stopped: 'Stopped trying',
      signInNeeded: 'Sign-in needed',
      signedIn: 'Signed in',
      paused: 'Working offline',
      resumed: 'Going online',
    },
  },
}
