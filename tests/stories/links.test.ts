import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canvases, imports, knownIds, pages, paths, storiesFiles, storyLinks } from './pages.js'

const ids = knownIds()

test('every link of a page to a story or to a page of documentation leads to one', () => {
  const links = pages().flatMap(({ file, text }) =>
    storyLinks(text).map(([kind, id]) => ({ file, kind, id })),
  )
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter(({ kind, id }) => !ids[kind].has(id))).toEqual([])
})

test('every story that a page shows is exported by the file that it is imported from', () => {
  const all = new Map(storiesFiles().map(({ file, stories }) => [file, stories]))
  const missing = pages().flatMap((page) =>
    canvases(page).filter(([file, story]) => !all.get(file)?.includes(story)),
  )
  expect(missing).toEqual([])
})

test('every file that a page imports, links to or names is there', () => {
  const missing = pages().flatMap((page) =>
    [...imports(page), ...paths(page)]
      .filter((file) => !existsSync(file))
      .map((file) => `${page.file}: ${file}`),
  )
  expect(missing).toEqual([])
})

test('every anchor of a link between pages is a heading there', () => {
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s+/g, '-')
  const headings = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!))
  const missing = pages().flatMap(({ file, text }) =>
    [...text.matchAll(/\]\(([\w./-]*\.md)?#([\w-]+)\)/g)]
      .filter(
        ([, other, anchor]) =>
          !headings(other ? `${file.replace(/[^/]*$/, '')}${other}` : file).includes(anchor!),
      )
      .map(([link]) => `${file}: ${link}`),
  )
  expect(missing).toEqual([])
})

test('every guide is reached from the introduction', () => {
  const introduction = readFileSync('stories/Introduction.mdx', 'utf8')
  const linked = new Set(storyLinks(introduction).map(([, id]) => id))
  const guides = [...ids.docs].filter((id) => id.startsWith('guides-'))
  expect(guides.length).toBeGreaterThanOrEqual(10)
  expect(guides.filter((id) => !linked.has(id))).toEqual([])
})

test('no line of a guide begins with a link: MDX would make a paragraph of its own of it', () => {
  const torn = pages()
    .filter(({ file }) => file.endsWith('.mdx'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^(?:- |\d\. )?<a [^>]*>\s*[^<\s].*$/gm)].map(([line]) => `${file}: ${line}`),
    )
  expect(torn).toEqual([])
})
