/** Every story is audited in both themes, though it is rendered and played once. */
import type { Preview } from '@storybook/vue3-vite'
import type { Result, RunOptions } from 'axe-core'

/** The rules of axe that a theme can break: all others say the same in each. */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block']

/** Whether a test plays the stories, by what the addon for that says; on the page nobody has said anything. */
export const isTest = import.meta.env['VITEST_STORYBOOK'] !== undefined

// Storybook's marks for its panel of accessibility look at every element after each change of a page; no test has a panel.
if (isTest) Object.assign(globalThis, { __STORYBOOK_HIGHLIGHT_INITIALIZED: true })

/** A test asks what is broken. What holds is told on the page, to whoever opens the panel, and costs a tenth. */
export const BROKEN_ALONE: Pick<RunOptions, 'resultTypes'> = { resultTypes: ['violations'] }

/** The page, and the shadow trees in it: of their animations a document does not tell. */
const rootsIn = (root: DocumentOrShadowRoot & ParentNode): readonly DocumentOrShadowRoot[] => [
  root,
  ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? rootsIn(shadowRoot) : [])),
]

/** Colours change over some time: they are at its end at once, also for whoever audits next. What turns for ever goes on. */
function turnTo(theme: string): void {
  document.documentElement.dataset['theme'] = theme
  for (const animation of rootsIn(document).flatMap((root) => root.getAnimations()))
    if (animation instanceof CSSTransition) animation.finish()
}

/**
 * After a story that a test has played: throws if its colours are not told apart in the theme that it was not played
 * in. Somebody who looks at it sees nothing of this: the audit on the page is the addon's own. That it was done is
 * reported, and the test command asks for it: an audit that is left out says nothing.
 */
export const auditInOtherTheme: NonNullable<Preview['afterEach']> = async (context) => {
  const { canvasElement, viewMode, reporting } = context
  if (!isTest || viewMode !== 'story') return
  const { default: axe } = await import('axe-core')
  const { theme: played = 'light' } = document.documentElement.dataset
  const other = played === 'dark' ? 'light' : 'dark'
  try {
    turnTo(other)
    const { violations } = await axe.run(canvasElement.ownerDocument.body, {
      runOnly: ABOUT_COLOURS,
      ...BROKEN_ALONE,
    })
    const status = violations.length ? 'failed' : 'passed'
    reporting.addReport({ type: 'other-theme', version: 1, result: { violations }, status })
    if (violations.length) throw new Error(told(other, violations))
  } finally {
    turnTo(played)
  }
}

/** As axe found it: which rule, and where. */
const told = (theme: string, violations: readonly Result[]) =>
  violations
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}, ${theme}: ${html}\n${failureSummary}`),
    )
    .join('\n')
