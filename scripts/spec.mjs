/**
 * Which promised rows no test names: the rows of docs/spec (ux-17, R07, B03, I12) against the titles of
 * tests and stories. A row that is named is only named: the test still has to be true.
 *
 *     npm run spec
 */
import { globSync, readFileSync } from 'node:fs'
import ts from 'typescript'

const PAGES = [
  { page: 'ux.md', section: '## 3. Acceptance rows', row: /^\| (\d+) \|/gm, id: (number) => `ux-${number}` },
  { page: 'requirements.md', row: /^\| ([RB]\d\d) \|/gm, id: (name) => name },
  { page: 'reliability.md', row: /^\| (I\d\d) \|/gm, id: (name) => name },
]

const TITLED_FILES = ['tests/**/*.ts', 'stories/**/*.ts', 'server/**/*.ts', 'mocks/**/*.ts']
const TEST_CALLS = new Set(['it', 'test', 'describe', 'property'])
const NOT_RUN = new Set(['skip', 'todo'])
const STORY_TITLES = new Set(['name', 'title'])

function promisedRows({ page, section, row, id }) {
  let text = readFileSync(`docs/spec/${page}`, 'utf8')
  if (section) text = text.slice(text.indexOf(section) + section.length).split(/^## /m)[0]
  return [...text.matchAll(row)].map(([, name]) => id(name))
}

/** `it.for(cases)` and `test.concurrent` are calls of a test too, `it.skip` is not. */
function isTestCall(callee) {
  if (ts.isIdentifier(callee)) return TEST_CALLS.has(callee.text)
  if (ts.isPropertyAccessExpression(callee)) {
    return !NOT_RUN.has(callee.name.text) && isTestCall(callee.expression)
  }
  return ts.isCallExpression(callee) && isTestCall(callee.expression)
}

function textOf(node) {
  if (!node) return null
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    return [node.head, ...node.templateSpans.map((span) => span.literal)].map((part) => part.text).join(' ')
  }
  return null
}

function titleOf(node) {
  if (ts.isCallExpression(node) && isTestCall(node.expression)) return textOf(node.arguments[0])
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && STORY_TITLES.has(node.name.text)) {
    return textOf(node.initializer)
  }
  return null
}

function titlesIn(file) {
  const titles = []
  const visit = (node) => {
    const title = titleOf(node)
    if (title) titles.push(title)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest))
  return titles
}

const titles = globSync(TITLED_FILES).flatMap(titlesIn).join('\n')

for (const page of PAGES) {
  const rows = promisedRows(page)
  const missing = rows.filter((row) => !new RegExp(`(?<![\\w-])${row}(?!\\w)`).test(titles))
  console.log(`${page.page}: ${rows.length - missing.length} of ${rows.length} rows named by a test`)
  if (missing.length) console.log(`  without one: ${missing.join(' ')}`)
}
