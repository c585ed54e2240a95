/** The tokens as a table, for pages of documentation. */
import { createElement as h, type CSSProperties, type ReactElement } from 'react'
import tokens from '../../src/components/css/tokens.css?raw'
import { coloursIn, shapesIn, type Token } from './tokens.js'

const VALUE: CSSProperties = { display: 'inline-flex', gap: 8, alignItems: 'center', whiteSpace: 'nowrap' }
const SWATCH: CSSProperties = {
  inlineSize: 16,
  blockSize: 16,
  border: '1px solid #8888',
  borderRadius: 4,
}

const colour = (value: string): ReactElement =>
  h(
    'span',
    { style: VALUE },
    h('span', { 'aria-hidden': true, style: { ...SWATCH, background: value } }),
    h('code', null, value),
  )

const row = ({ name }: Token, ...cells: readonly ReactElement[]): ReactElement =>
  h('tr', { key: name }, h('td', { style: { whiteSpace: 'nowrap' } }, h('code', null, name)), ...cells)

/** All tokens, or those that are asked for, with their values in light and in dark. */
export function TokenTable({ only }: { readonly only?: ReadonlySet<string> }): ReactElement {
  const asked = (all: readonly Token[]) => all.filter(({ name }) => only?.has(name) ?? true)
  const head = ['Token', 'Light', 'Dark'].map((name) => h('th', { key: name }, name))
  return h(
    'table',
    null,
    h('thead', null, h('tr', null, head)),
    h(
      'tbody',
      null,
      asked(coloursIn(tokens)).map((token) =>
        row(token, h('td', null, colour(token.light)), h('td', null, colour(token.dark))),
      ),
      asked(shapesIn(tokens)).map((token) =>
        row(token, h('td', { colSpan: 2 }, h('code', null, token.light))),
      ),
    ),
  )
}
