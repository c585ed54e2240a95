/** What a language is: plain data, so that a translation can be a JSON file. */
import type { FailureReason } from '../../vue/queue-port.js'
import type { MessageKey, StatusAction } from '../../status/view.js'

/**
 * A text. `{count}` and other params are put in; `{time}` is the param `seconds` as a duration. Where the
 * number decides the form, the forms by the language's plural rules (for `count`, else `seconds`).
 */
export type Text = string | PluralText

/** One text for each plural form that the language has. `other` is always needed. */
export type PluralText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** Numbers and words of a text. */
export type TextParams = Readonly<Record<string, string | number>>

/** A language, whole. Start from `en`, and change what you need. */
export interface Locale {
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
    /** A new version of the application is there. */
    readonly newVersion: string
    readonly retry: string
    readonly retryFailed: string
    readonly discard: string
    readonly discardAll: string
    /** Asked before one change is discarded. */
    readonly askOne: string
    /** Asked before all { count } are discarded. */
    readonly askAll: Text
    readonly keep: string
    /** An unconfirmed change: the person says what happened. */
    readonly wasSaved: string
    readonly sendAgain: string
    /** The state of a row; { reason } is one of `reasons`. */
    readonly states: Readonly<Record<RowText, string>>
    readonly reasons: Readonly<Record<ReasonText, string>>
  }
  readonly time: {
    readonly seconds: string
    readonly minutes: string
    readonly hours: string
    readonly days: string
    /** { time } since then. */
    readonly ago: string
    /** Less than a minute since then. */
    readonly justNow: string
  }
}

/** The second line of a row. */
export type RowText = 'queued' | 'sending' | 'unconfirmed' | 'blocked' | 'failed' | 'conflict' | 'sent'

/** Why a change was not sent, in words. The server's own words about a refusal are preferred. */
export type ReasonText = FailureReason | 'conflict'
