/** Every story is audited in both themes, though it is rendered and played once. */
import type { Preview } from '@storybook/vue3-vite'
import type { Result } from 'axe-core'

/** The rules of axe that a theme can break: all others say the same in each. */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block']

/** What changes with the theme changes over some time. */
const isStill = () => Promise.allSettled(document.getAnimations().map(({ finished }) => finished))

/**
 * After a story that a test has played: throws if its colours are not told apart in the theme that it was not played
 * in. Somebody who looks at it sees nothing of this: the audit on the page is the addon's own.
 */
export const auditInOtherTheme: NonNullable<Preview['afterEach']> = async ({ canvasElement, viewMode }) => {
  if (!import.meta.env['VITEST'] || viewMode !== 'story') return
  const { default: axe } = await import('axe-core')
  const { dataset } = document.documentElement
  const played = dataset['theme']
  dataset['theme'] = played === 'dark' ? 'light' : 'dark'
  try {
    await isStill()
    const { violations } = await axe.run(canvasElement.ownerDocument.body, { runOnly: ABOUT_COLOURS })
    if (violations.length) throw new Error(told(dataset['theme'], violations))
  } finally {
    dataset['theme'] = played
  }
}

/** As axe found it: which rule, and where. */
const told = (theme: string, violations: readonly Result[]) =>
  violations
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}, ${theme}: ${html}\n${failureSummary}`),
    )
    .join('\n')
