/** What the web-platform-tests of WebSocket come to, and why what does not pass does not. */
import type { Kind, Outcomes } from './run.ts'

/** Tests that do not pass, by their names, and why. */
type Reasons = readonly (readonly [RegExp, string])[]

/** What is expected of one kind. */
export interface Expected {
  readonly passed: number
  /** Of the kit's class: beside those that the browser's own does not pass either. */
  readonly fails: Reasons
}

const SUBCLASS =
  '`with` returns a subclass: attributes and constants are inherited, and deleting or defining them there is another thing'
const KEPT = 'without a line a message is kept for the next one; with `maxEnqueuedMessages: 0` it is refused'
const SPACE = "Chromium's own reading of URLs takes a space in a host"

/** Of the 672 tests of August 2025 that are run. */
export const EXPECTED: Readonly<Record<Kind, Expected>> = {
  native: {
    passed: 662,
    fails: [
      [/^Create-invalid-urls\.any\.js .*"wss?:\/\/foo bar\.com\//, SPACE],
      [/^Create-url-with-space\.any\.js /, SPACE],
      [
        /^Create-protocols-repeated-case-insensitive\.any\.js /,
        "Chromium's own takes two sub-protocols that only case tells apart; the kit's does not, as the test wants",
      ],
      [
        /^unload-a-document\/00[24]\.html /,
        'a browser that is driven keeps no page in its back/forward cache',
      ],
    ],
  },
  'one line': {
    passed: 653,
    fails: [
      [/^interfaces\/WebSocket\/constants\/00[56]\.html /, SUBCLASS],
      [
        /^interfaces\/WebSocket\/(bufferedAmount\/bufferedAmount-deleting|readyState\/003|url\/003)\.html /,
        SUBCLASS,
      ],
    ],
  },
  'drop-in': {
    passed: 656,
    fails: [
      [/^Send-before-open\.any\.js /, KEPT],
      [/^interfaces\/WebSocket\/send\/003\.html /, KEPT],
      [/^interfaces\/WebSocket\/send\/004\.html .*surrogate/, KEPT],
      [
        /^constructor\.any\.js .*too many arguments/,
        'the third argument are the options, and they are checked',
      ],
    ],
  },
}

/** Why a test does not pass; null: nobody expected it. */
export const reasonFor = (name: string, { fails }: Expected): string | null =>
  fails.find(([pattern]) => pattern.test(name))?.[1] ?? null

/** Where it came to something else, in either direction. */
export function differencesFrom(expected: Expected, outcomes: Outcomes, native: Outcomes): string[] {
  return [...outcomes].flatMap(([name, outcome]) => {
    const isExpected = reasonFor(name, expected) !== null
    if (outcome === null) return isExpected ? [`${name} passes, and was expected not to`] : []
    const isNatives = outcomes !== native && typeof native.get(name) === 'string'
    return isExpected || isNatives ? [] : [`${name} does not pass: ${outcome}`]
  })
}
