/**
 * Less motion, as the toolbar says. No page can set what its media queries answer, so the conditions in its style
 * sheets are replaced by ones that always or never hold: what is seen is the kit's own CSS for that preference.
 */
const ANSWERS: readonly (readonly [condition: string, answer: string])[] = [
  ['(prefers-reduced-motion: no-preference)', '(max-width: 0px)'],
  ['(prefers-reduced-motion: reduce)', '(min-width: 0px)'],
]

/** The condition as it was written, by its rule. */
const written = new WeakMap<CSSMediaRule, string>()

/** Has every style sheet of the page answer so; `false` leaves it to the person's own settings again. */
export function reduceMotion(reduced: boolean): void {
  const answer = (condition: string) =>
    reduced ? ANSWERS.reduce((text, [asked, told]) => text.replaceAll(asked, told), condition) : condition

  const visit = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if (rule instanceof CSSMediaRule) {
        const original = written.get(rule) ?? rule.media.mediaText
        written.set(rule, original)
        const condition = answer(original)
        if (rule.media.mediaText !== condition) rule.media.mediaText = condition
      }
      if (rule instanceof CSSImportRule && rule.styleSheet) visit(rule.styleSheet.cssRules)
      else if ('cssRules' in rule) visit(rule.cssRules as CSSRuleList)
    }
  }
  for (const sheet of document.styleSheets) visit(sheet.cssRules)
}
