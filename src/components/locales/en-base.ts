import type { BaseLocale, Text } from './locale.js'

/** English, as far as it is said everywhere. The wording of docs/spec/ux.md, 1.1. */
export const enBase: Omit<BaseLocale, 'messages' | 'actions'> = {
  lang: 'en',
  dir: 'ltr',
  sentence: { stop: '.', joint: ' ' },
  time: {
    seconds: '{n} s',
    minutes: '{n} min',
    hours: '{n} h',
    days: '{n} d',
    ago: '{time} ago',
    justNow: 'just now',
  },
}

/** What both the bar and the list say of the place where changes are kept. */
export const enKept = {
  'changes-lost': 'Some waiting changes were lost',
  'kept-in-tab': 'Your changes are kept in this tab; don’t close it.',
  'check-latest': 'Check your latest work.',
} satisfies Record<string, Text>
