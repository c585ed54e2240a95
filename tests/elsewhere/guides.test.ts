/** The guides show code that is tested: every region that they name is in its file, and no import of ours is left. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { snippet } from '../../stories/simulator/snippet.js'

const root = path.resolve(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { exports: object }

/** What a page shows: which file, and which part of it. */
function shownIn(page: string): readonly { readonly file: string; readonly region: string }[] {
  const text = readFileSync(path.join(root, page), 'utf8')
  const files = new Map(
    [...text.matchAll(/import (\w+) from '(\S+)\?raw'/g)].map(([, name, from]) => [name, from]),
  )
  return [...text.matchAll(/snippet\((\w+), '([\w-]+)'\)/g)].map(([, name, region = '']) => ({
    file: path.join(root, path.dirname(page), files.get(name) ?? `nothing is called ${name}`),
    region,
  }))
}

/** As Vite finds it: with its ending, or without. */
const read = (file: string): string => readFileSync(existsSync(file) ? file : `${file}.ts`, 'utf8')

const pages = globSync('stories/simulator/*.mdx', { cwd: root })

test('there is a guide for Vitest, Playwright, a development server, and recordings', () => {
  expect(pages.map((page) => path.parse(page).name).sort()).toEqual(
    expect.arrayContaining(['DevServer', 'Playwright', 'RecordAndReplay', 'Vitest']),
  )
})

test.each(pages)('%s shows code that is there, with the names that its readers import', (page) => {
  for (const { file, region } of shownIn(page)) {
    const code = snippet(read(file), region)
    const ours = [...code.matchAll(/'(holdfast[^']*)'/g)].map(([, name = '']) =>
      name.replace('holdfast', '.'),
    )
    expect(ours.filter((name) => !Object.hasOwn(manifest.exports, name))).toEqual([])
    expect(code).not.toMatch(/\.\.\/(mocks|src)\//)
    expect(code).not.toContain('#region')
  }
})

test('code from within a function stands at the margin, and lines keep their distance', () => {
  const file = 'it(() => {\n  // #region a\n  if (b) {\n    c()\n  }\n\n  // #endregion a\n})\n'
  expect(snippet(file, 'a')).toBe('if (b) {\n  c()\n}')
})

test('a region that is not there is named', () => {
  expect(() => snippet('// #region a\nx\n// #endregion a\n', 'b')).toThrow('no region "b"')
  expect(() => snippet('// #region a\nx\n', 'a')).toThrow('no region "a"')
})
