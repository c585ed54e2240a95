/** The words of the dialling machine: what it is told, what it remembers, what it asks for. No behaviour. */
import type { Schedule } from '../core/schedule.js'
import type { AuthState, Cause } from '../core/state.js'
import type { KeeperState } from './keeper-state.js'
import type { LineEnd, Transport } from './line.js'

/** The verdict about the link, as far as a dial is concerned. */
export type LinkView =
  /** Not started, or offline by choice. */
  | 'off'
  /** Down, and the device itself says that it has no network: no server can be reached. */
  | 'cut'
  /** Down, as its probe says: another server than the one that it asks may be there. */
  | 'down'
  | 'unsure'
  | 'up'

/** What is known of the token. */
export type TokenState =
  /** Nothing speaks against it. */
  | 'usable'
  /** It was refused, and the connection was told. */
  | 'asked'
  /** It is being renewed, or a sign-in is waited for. */
  | 'renewing'
  /** It is new, and no line was proven with it yet: refused while it is fresh, and nothing more is tried. */
  | 'renewed'
  /** A new one was refused, too, or nobody can renew it: only another renewal or a person helps. */
  | 'refused'

/** What is remembered between attempts. */
export interface Memory {
  /** Attempts since a line was last proven. */
  readonly attempt: number
  /** The place in the schedule. */
  readonly step: number
  /** A line that was in use may be dialled anew at once; armed again by 5 s of health. */
  readonly isFast: boolean
  /** When the last attempt began. */
  readonly dialledAt: number
  /** Not before this, as the own schedule says. */
  readonly dueAt: number
  /** Not before this, as the server says that was dialled last. */
  readonly ticketAt: number
  /** The same of one of the others: of home while that one is elsewhere, of who is elsewhere while it is home. */
  readonly otherTicketAt: number
  /** The least of each wait of the schedule, as the newest line was told (`retry:`), in ms. */
  readonly floorMs: number
  /** The line in use is healthy after so long (ms). */
  readonly stableMs: number
  readonly token: TokenState
  /** When the token was seen to be renewed. */
  readonly renewedAt: number
  /** How often the sign-in had changed when the last attempt began. */
  readonly turns: number
  /** The verdict is not about the server that was dialled last. */
  readonly isElsewhere: boolean
  /** The verdict as it was looked at last; once it is in doubt, an open line has been asked for a sign of life. */
  readonly link: LinkView
}

/** What the machine is. */
export interface Keeping {
  readonly state: KeeperState
  readonly memory: Memory
}

/** What happens. */
export type DialEvent =
  | { readonly type: 'START' }
  | { readonly type: 'STOP'; readonly code: number; readonly reason: string }
  /** Something that the stamp tells has changed, or a wait is over. */
  | { readonly type: 'LOOK' }
  | { readonly type: 'WAKE' }
  | { readonly type: 'RETRY_NOW' }
  /** The owner doubts the line in use. */
  | { readonly type: 'PROVE' }
  | { readonly type: 'REOPEN'; readonly reason: string }
  | { readonly type: 'OPENED' }
  | { readonly type: 'PROVEN'; readonly boot: string | undefined }
  /** A better line has taken the place of the one in use. */
  | {
      readonly type: 'HANDED_OVER'
      readonly transport: Transport
      readonly floorMs: number
      readonly isElsewhere: boolean
    }
  /** The server goes, and says for how long. */
  | { readonly type: 'NOTICED'; readonly retryAfterMs: number | undefined }
  | { readonly type: 'FLOOR'; readonly retryMs: number }
  | {
      readonly type: 'ENDED'
      readonly end: LineEnd
      /** Nobody ended it but silence: a missed pong, or no answer in time. */
      readonly isSilent: boolean
      /** Another way is left that has not failed: it is dialled at once, or spread if a crowd has to move. */
      readonly hasOther: boolean
      /** Nothing was sent yet: what to open it for was still being asked, which says nothing about the service. */
      readonly isUnsent: boolean
    }

/** What the interpreter has to do, in this order. */
export type DialEffect =
  | { readonly type: 'dial' }
  | { readonly type: 'drop'; readonly code: number; readonly reason: string }
  /** Tells the owner. */
  | { readonly type: 'ended'; readonly end: LineEnd }
  | { readonly type: 'prove' }
  /** What the connection is told, in its own words. */
  | { readonly type: 'SUSPICION'; readonly cause: Cause; readonly hintMs?: number | undefined }
  | { readonly type: 'UNAUTHORIZED' }
  | { readonly type: 'GOOD_ANSWER'; readonly startedAt: number; readonly boot: string | undefined }

/** What is true at the moment. */
export interface DialStamp {
  readonly now: number
  /** In [0, 1); drawn once per attempt. */
  readonly roll: number
  readonly link: LinkView
  /** The newest loss of the link came before it was stable: one outage goes on, and so does the schedule (I23). */
  readonly isFlapping: boolean
  /** The line in use cannot be asked for a sign of life, and has given none since the link was lost. */
  readonly isSilent: boolean
  /** Null: there is no auth port; what is refused then is the owner's. */
  readonly auth: AuthState | null
  /** How often a renewal or a sign-in has come to an end, well or not. */
  readonly turns: number
  /** The page is visible, or somebody needs the line. */
  readonly isWanted: boolean
  /** Of the next attempt. */
  readonly transport: Transport
  /** The next attempt goes to a server that the verdict is not about. */
  readonly isElsewhere: boolean
}

/** What it decides by. */
export interface DialPolicy {
  readonly schedule: Schedule
  readonly dialTimeoutMs: number
}
