/** What a language is: plain data, so that a translation can be a JSON file. */
import type { Cause } from '../../core/state.js'
import type { FailureReason } from '../../vue/queue-port.js'
import type { MessageKey, StatusAction } from '../../status/view.js'

/**
 * A text. `{count}` and other params are put in; `{time}` is the param `seconds` as a duration. Where the
 * number decides the form, the forms by the language's plural rules (for `count`, else `seconds`).
 */
export type Text = string | PluralText | TextFunction

/** A text that is made elsewhere: what `translated` puts in the place of one whose words depend on its params. */
export type TextFunction = (params: TextParams) => string

/** One text for each plural form that the language has. `other` is always needed. */
export type PluralText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** Numbers and words of a text. */
export type TextParams = Readonly<Record<string, string | number>>

/** What every part of the kit says. */
export interface BaseLocale {
  /** BCP 47; set as `lang` on everything of ours, and given to Intl. */
  readonly lang: string
  /** The direction of the language; the texts are laid out in it, whatever the page's. */
  readonly dir: 'ltr' | 'rtl'
  /** What the status says; params are named in `MessageKey`. */
  readonly messages: Readonly<Record<MessageKey, Text>>
  /** Buttons. `dismiss` is only an icon and this is its name. */
  readonly actions: Readonly<Record<StatusAction, string>>
  /** How a title and what belongs to it become sentences: the full stop, and what is between two of them. */
  readonly sentence: {
    readonly stop: string
    readonly joint: string
  }
  /** Units with { n } of them, in the form that stands behind "in", "about" and "ago". */
  readonly time: {
    readonly seconds: Text
    readonly minutes: Text
    readonly hours: Text
    readonly days: Text
    /** { time } since then. */
    readonly ago: string
    /** Less than a minute since then. */
    readonly justNow: string
  }
}

/** A language, whole. Start from `en`, and change what you need. */
export interface Locale extends BaseLocale {
  readonly bar: {
    /** The name of the region. */
    readonly label: string
  }
  readonly modal: {
    /** Headings that are longer than the bar's titles. */
    readonly titles: Readonly<Partial<Record<MessageKey, Text>>>
    /** Nothing waits to be sent. */
    readonly reading: string
    /** { count } changes wait, kept on this device. */
    readonly keptOnDevice: Text
    /** { count } changes wait, kept in this tab only. */
    readonly keptInTab: Text
    /** In front of the time of the next attempt. */
    readonly next: string
    /** { time } until then. */
    readonly inTime: string
    /** The attempt is due in less than 3 s: no countdown. */
    readonly soon: string
    /** The device is offline: no countdown. */
    readonly whenConnected: string
    /** An attempt runs. */
    readonly trying: string
  }
  readonly list: {
    /** The name of the region. */
    readonly label: string
    /** { count } of changes that go, or will go, by themselves. */
    readonly count: Text
    /** { count } of changes that need a person. Alone, or behind `count`. */
    readonly needy: Text
    readonly empty: string
    readonly retry: string
    readonly retryFailed: string
    readonly discard: string
    readonly discardAll: string
    /** Asked before one change is discarded. */
    readonly askOne: string
    /** Asked before all { count } are discarded. */
    readonly askAll: Text
    readonly keep: string
    /** A conflict: the person's change goes over what the server has. */
    readonly mine: string
    /** A conflict: what the server has stays, the person's change is let go. */
    readonly theirs: string
    readonly edit: string
    /** In place of a change that was let go, beside `undo`. */
    readonly discarded: string
    readonly undo: string
    /** What a button should have done was refused. */
    readonly notDone: string
    /** The heading above changes that belong to no object. */
    readonly others: string
    /** An unconfirmed change: the person says what happened. */
    readonly wasSaved: string
    readonly sendAgain: string
    /** The state of a row; { reason } is one of `reasons`. */
    readonly states: Readonly<Record<RowText, string>>
    readonly reasons: Readonly<Record<ReasonText, string>>
  }
  readonly badge: {
    /** All is well, and nothing waits. */
    readonly online: string
  }
  /** Beside a control. Never "saved" before it is. */
  readonly hint: {
    /** Kept on this device, and not yet sent. */
    readonly onDevice: string
    /** Kept in memory alone. */
    readonly inTab: string
    /** The server has confirmed it. */
    readonly saved: string
    /** { reason } as in the list. */
    readonly notSaved: string
  }
  readonly details: DetailsTexts
}

/** A language, as far as a part of the kit needs it. */
export type Words<Part extends keyof Locale> = BaseLocale & Pick<Locale, Part>

/** What the details say; it also is the text of a support ticket. */
export interface DetailsTexts {
  readonly title: string
  /** { name } and { value } as a line of text; the name of a service and what has happened to it. */
  readonly named: string
  /** Names in front of a value. */
  readonly state: string
  readonly since: string
  readonly cause: string
  readonly next: string
  readonly changes: string
  readonly page: string
  readonly browser: string
  /** The heading above what was tried. */
  readonly history: string
  /** There is no history. */
  readonly nothing: string
  readonly copy: string
  readonly copied: string
  readonly notCopied: string
  readonly close: string
  /** Why the connection is lost; also the `{reason}` of `events`. */
  readonly causes: Readonly<Record<Cause, string>>
  /** Why an attempt was made; the `{reason}` of `events.trying`. */
  readonly tries: Readonly<Record<TryText, string>>
  readonly events: Readonly<Record<EventText, string>>
}

/** Why an attempt was made: its time had come, by hand, somebody came back, the network did, or something waits. */
export type TryText = 'due' | 'byHand' | 'woken' | 'network' | 'wanted'

/** What can have happened. Params: { reason }, { attempt } from 1. */
export type EventText =
  | 'suspected' // { reason }: a first sign
  | 'lost' // { reason }
  | 'trying' // { attempt, reason }
  | 'failed' // { attempt, reason }
  | 'online'
  | 'stopped' // gave up
  | 'signInNeeded'
  | 'signedIn'
  | 'paused' // offline by choice
  | 'resumed'

/** The second line of a row. */
export type RowText = 'queued' | 'sending' | 'unconfirmed' | 'blocked' | 'failed' | 'conflict' | 'sent'

/** Why a change was not sent, in words. The server's own words about a refusal are preferred. */
export type ReasonText = FailureReason | 'conflict'
