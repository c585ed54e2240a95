import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = new URL('../../src/components/css/', import.meta.url)
const cssOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
const sheets = readdirSync(FOLDER).map((name) => ({ name, css: cssOf(name) }))

/** What is between the braces behind `opening`. */
function blockBehind(css: string, opening: string): string {
  const from = css.indexOf('{', css.indexOf(opening)) + 1
  let depth = 1
  let to = from
  for (; depth > 0; to++) depth += css[to] === '{' ? 1 : css[to] === '}' ? -1 : 0
  return css.slice(from, to - 1)
}

const tokensIn = (css: string) =>
  new Map([...css.matchAll(/--hf-([\w-]+): (.+);/g)].map((m) => [m[1]!, m[2]!]))
const tokens = cssOf('tokens.css')
const light = tokensIn(blockBehind(tokens, ":where(:root, :host, [data-theme='light'])"))
const dark = tokensIn(blockBehind(tokens, ":where([data-theme='dark'], :host([data-theme='dark']))"))

/** WCAG 2.2, relative luminance of sRGB. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(theme: ReadonlyMap<string, string>, front: string, back: string): number {
  const [a, b] = [luminance(theme.get(front)!), luminance(theme.get(back)!)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

test.each<[string, string, number, number]>([
  ['warn-fg', 'warn-bg', 7.62, 10.39],
  ['warn-accent', 'warn-bg', 4.05, 7.08],
  ['bad-fg', 'bad-bg', 8.09, 9.7],
  ['bad-accent', 'bad-bg', 4.81, 5.21],
  ['ok-fg', 'ok-bg', 7.79, 9.81],
  ['ok-accent', 'ok-bg', 4.42, 6],
  ['info-fg', 'info-bg', 7.54, 9.48],
  ['info-accent', 'info-bg', 4.24, 5.64],
  ['idle-fg', 'idle-bg', 9, 9.59],
  ['idle-accent', 'idle-bg', 4.14, 5.08],
  ['fg', 'surface-raised', 16.53, 14.12],
  ['fg-muted', 'surface-raised', 6.64, 6.97],
  ['primary-fg', 'primary', 4.88, 6.61],
  ['focus', 'warn-bg', 6.35, 7.5],
])(
  'the contrast of %s on %s is what the contract says: %d light, %d dark',
  (front, back, inLight, inDark) => {
    expect(contrast(light, front, back)).toBeCloseTo(inLight, 1)
    expect(contrast(dark, front, back)).toBeCloseTo(inDark, 1)
  },
)

test('words of failed and unconfirmed changes can be read on the surface of the list, too', () => {
  for (const theme of [light, dark])
    for (const front of ['bad-fg', 'warn-fg', 'fg-muted'])
      expect(contrast(theme, front, 'surface-raised')).toBeGreaterThanOrEqual(4.5)
})

test('a page without data-theme gets the same two themes', () => {
  const both = tokensIn(blockBehind(tokens, '@supports'))
  expect([...dark.keys()]).toEqual([...light.keys()])
  expect(both).toEqual(
    new Map([...light].map(([key, value]) => [key, `light-dark(${value}, ${dark.get(key)})`])),
  )
})

test.each(sheets)('ux-32: in $name everything that moves is only for those who like motion', ({ css }) => {
  const wanted = '@media (prefers-reduced-motion: no-preference)'
  let rest = css
  while (rest.includes(wanted)) rest = rest.replace(blockBehind(rest, wanted), '').replace(wanted, '')
  expect(rest).not.toMatch(/(animation|transition)[\w-]*:/)
})

test.each(sheets)('ux-34: $name knows no left and no right', ({ css }) => {
  expect(css).not.toMatch(/[\s-](left|right)\s*[:;-]/)
  expect(css).not.toMatch(/^\s*(min-|max-)?(width|height):/m)
})

test('ux-59: nothing of the looks is fetched from elsewhere', () => {
  for (const { css } of sheets) expect(css).not.toMatch(/url\(|@font-face|@import/)
})
