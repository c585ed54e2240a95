/** What the pages of this repository link to, and what there is to be linked to. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { storyNameFromExport, toId } from 'storybook/internal/csf'
import ts from 'typescript'

/** A page and its text. */
export interface Page {
  readonly file: string
  readonly text: string
}

/** Every page that people read: guides, and what lies at the top and in docs. */
export const pages = (): readonly Page[] =>
  [...globSync('stories/**/*.mdx'), ...globSync('*.md'), ...globSync('docs/**/*.md')].map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  }))

/** A stories file: its title, and the exports that are stories. */
interface StoriesFile {
  readonly file: string
  readonly title: string
  readonly hasDocs: boolean
  readonly stories: readonly string[]
}

const textOf = (node: ts.Node | undefined): string | undefined =>
  node && ts.isStringLiteralLike(node) ? node.text : undefined

/** The meta of a stories file: its title, and whether it has a page of documentation. */
function metaIn(source: ts.SourceFile): { readonly title: string; readonly hasDocs: boolean } | undefined {
  let meta: ts.ObjectLiteralExpression | undefined
  const member = (object: ts.ObjectLiteralExpression, name: string) =>
    object.properties.find(
      (one): one is ts.PropertyAssignment =>
        ts.isPropertyAssignment(one) && one.name.getText(source) === name,
    )?.initializer
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) && textOf(member(node, 'title'))) meta ??= node
    ts.forEachChild(node, visit)
  }
  visit(source)
  const title = meta && textOf(member(meta, 'title'))
  if (!meta || !title) return undefined
  return { title, hasDocs: !member(meta, 'tags')?.getText(source).includes('!autodocs') }
}

function exportsIn(source: ts.SourceFile): readonly string[] {
  return source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      ? statement.declarationList.declarations.flatMap(({ name }) =>
          ts.isIdentifier(name) ? [name.text] : [],
        )
      : [],
  )
}

/** All stories files. */
export const storiesFiles = (): readonly StoriesFile[] =>
  globSync('stories/**/*.stories.ts').map((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    const meta = metaIn(source)
    if (!meta) throw new Error(`${file} has no title`)
    return { file, ...meta, stories: exportsIn(source) }
  })

/** The ids of all stories and of all pages of documentation, as Storybook gives them. */
export function knownIds(): { readonly story: ReadonlySet<string>; readonly docs: ReadonlySet<string> } {
  const files = storiesFiles()
  const story = files.flatMap(({ title, stories }) =>
    stories.map((name) => toId(title, storyNameFromExport(name))),
  )
  const own = files.filter(({ hasDocs }) => hasDocs).map(({ title }) => toId(title, 'docs'))
  const guides = pages().flatMap(({ text }) =>
    [...text.matchAll(/<Meta title="([^"]+)"/g)].map(([, title]) => toId(title!, 'docs')),
  )
  return { story: new Set(story), docs: new Set([...own, ...guides]) }
}

/** What a page links to within Storybook: `?path=/story/…` and `?path=/docs/…`. */
export const storyLinks = (text: string): readonly (readonly [kind: 'story' | 'docs', id: string])[] =>
  [...text.matchAll(/\?path=\/(story|docs)\/([\w-]+)/g)].map(([, kind, id]) => [
    kind as 'story' | 'docs',
    id!,
  ])

/** Stories shown on a page (`<Canvas of={Name.Export} />`), with the file that they are imported from. */
export function canvases({ file, text }: Page): readonly (readonly [file: string, story: string])[] {
  return [...text.matchAll(/ of=\{(\w+)\.(\w+)\}/g)].map(([, name, story]) => {
    const from = new RegExp(`import \\* as ${name} from '([^']+)'`).exec(text)?.[1]
    if (!from) throw new Error(`${file}: ${name} is not imported`)
    return [path.join(path.dirname(file), `${from.replace(/\.ts$/, '')}.ts`), story!]
  })
}

/** Files that a page of Storybook imports. */
export const imports = ({ file, text }: Page): readonly string[] =>
  [...(file.endsWith('.mdx') ? text : '').matchAll(/^import [^']*'(\.[^']+)'/gm)].map(([, name]) => {
    const target = path.join(path.dirname(file), name!.replace(/\?raw$/, ''))
    return existsSync(target) ? target : `${target.replace(/\.js$/, '')}.ts`
  })

/** Files of the repository that a page links to (from where it lies) or names in code (from the root). */
export function paths({ file, text }: Page): readonly string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#|\?)([^)#\s]+)[^)]*\)/g)].map(([, link]) =>
    path.join(path.dirname(file), link!),
  )
  const named = [
    ...text.matchAll(/`((?:src|mocks|server|stories|tests|docs|bench|scripts)\/[\w./-]+)`/g),
  ].map(([, name]) => name!)
  return [...links, ...named]
}
