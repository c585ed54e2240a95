/** The page of a component: what it is for, how it looks, what it takes and tells, and which tokens it is made of. */
import {
  Controls,
  Description,
  Heading,
  Markdown,
  Primary,
  Stories,
  Title,
  useOf,
} from '@storybook/addon-docs/blocks'
import { createElement as h, useEffect, useState, type ReactElement } from 'react'
import { TokenTable } from '../stories/guides/token-table.js'
import { tokensIn } from '../stories/guides/tokens.js'

// Read when a page is opened: a story alone needs none of it.
const components = import.meta.glob<string>('../src/components/*.vue', { query: '?raw', import: 'default' })
const sheets = import.meta.glob<string>('../src/components/css/*.css', { query: '?raw', import: 'default' })

/** What the sources of a component say of it. */
interface Sources {
  /** The first lines of its file. */
  readonly purpose: string
  /** Those of its own sheet, and of what every component has: buttons, icons and text. */
  readonly tokens: ReadonlySet<string>
}

async function sourcesOf(name: string): Promise<Sources> {
  const own = name.replaceAll(/(?!^)([A-Z])/g, '-$1').toLowerCase()
  const [code, ...css] = await Promise.all([
    components[`../src/components/${name}.vue`]?.(),
    sheets['../src/components/css/controls.css']?.(),
    sheets[`../src/components/css/${own}.css`]?.(),
  ])
  const comment = /<script setup[^>]*>\s*\/\*\*([^]*?)\*\//.exec(code ?? '')?.[1] ?? ''
  return { purpose: comment.replaceAll(/^ *\* ?/gm, '').trim(), tokens: tokensIn(css.join('\n')) }
}

/** In place of Storybook's page of a component. */
export function ComponentPage(): ReactElement {
  const { component } = useOf('meta', ['meta']).preparedMeta
  const { __name: name = '' } = (component ?? {}) as { readonly __name?: string }
  const [sources, setSources] = useState<Sources | null>(null)
  useEffect(() => {
    if (name) void sourcesOf(name).then(setSources)
  }, [name])
  return h(
    'div',
    null,
    h(Title),
    sources && h(Markdown, null, sources.purpose),
    h(Description, { of: 'meta' }),
    h(Primary),
    h(Controls),
    sources && [
      h(Heading, { key: 'heading' }, 'Tokens'),
      h(
        'p',
        { key: 'text' },
        'Each can be set on any element around it. See ',
        h('a', { href: './?path=/docs/guides-theming--docs', target: '_top' }, 'theming'),
        '.',
      ),
      h(TokenTable, { key: 'table', only: sources.tokens }),
    ],
    h(Stories),
  )
}
