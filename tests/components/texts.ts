/** The texts of a language, one by one: what the tests of the languages look through. */
import type { Locale } from '../../src/components/index.js'

/** A text: where it is in `Locale`, and its forms. What has no plural has one form, `other`. */
export interface TextAt {
  readonly path: string
  readonly forms: Readonly<Record<string, string>> & { readonly other: string }
  readonly isPlural: boolean
}

type Node = { readonly [key: string]: Node } | string

/** All texts of a language. */
export const textsOf = ({ lang: _, dir: __, ...parts }: Locale): readonly TextAt[] =>
  walk(parts as unknown as Node, [])

function walk(node: Node, path: readonly string[]): TextAt[] {
  const at = path.join('.')
  if (typeof node === 'string') return [{ path: at, forms: { other: node }, isPlural: false }]
  if (typeof node['other'] === 'string') {
    return [{ path: at, forms: node as unknown as TextAt['forms'], isPlural: true }]
  }
  return Object.entries(node).flatMap(([key, below]) => walk(below, [...path, key]))
}

/** The places of a text that params go to, in the order of their names. */
export const placesIn = (text: string): string => (text.match(/\{\w+\}/g) ?? []).toSorted().join()
