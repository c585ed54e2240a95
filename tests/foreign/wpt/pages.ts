/** Which of the web-platform-tests of WebSocket are run, each in which scope, and why others are not. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of tests in one scope. */
export interface WptPage {
  readonly file: string
  readonly scope: 'window' | 'worker'
  /** Where its page is served. */
  readonly path: string
}

/** Files that are not run: how their names begin, and why. */
const NOT_RUN: readonly (readonly [string, string])[] = [
  ['stream/', 'WebSocketStream, another interface'],
  ['idlharness', 'the shape of an interface that a browser has in C++, which no class has'],
  ['cookies/', "what the browser's own handshake does with cookies"],
  ['security/002', "what the browser's own HTTP does with a header"],
  ['mixed-content', "what the browser's own refuses on a page by TLS"],
  ['back-forward-cache', 'needs the server of the web-platform-tests; restart tests have one of their own'],
]

/** Why a file is not run; null: it is. */
export const whyNotRun = (file: string): string | null =>
  NOT_RUN.find(([start]) => file.startsWith(start))?.[1] ?? null

const IN_BOTH = ['window', 'worker'] as const

/** All pages of a checkout, in order, and the files that are not run. */
export function listPages(root: string): {
  readonly pages: readonly WptPage[]
  readonly notRun: readonly string[]
} {
  const folder = join(root, 'websockets')
  const files = globSync('**/*.{html,js}', { cwd: folder })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
  const notRun: string[] = []
  const pages = files.flatMap((file): WptPage[] => {
    const scopes = scopesOf(file, folder)
    if (scopes.length > 0 && whyNotRun(file) !== null) notRun.push(file)
    if (whyNotRun(file) !== null) return []
    return scopes.map((scope) => ({ file, scope, path: `/websockets/${pathOf(file, scope)}?default` }))
  })
  if (pages.length === 0) throw new Error(`${folder}: there are no tests`)
  return { pages, notRun }
}

function scopesOf(file: string, folder: string): readonly WptPage['scope'][] {
  if (file.endsWith('.any.js')) return IN_BOTH
  if (file.endsWith('.window.js')) return ['window']
  if (file.endsWith('.worker.js')) return ['worker']
  const isTest =
    file.endsWith('.html') && readFileSync(join(folder, file), 'latin1').includes('testharness.js')
  return isTest ? ['window'] : []
}

function pathOf(file: string, scope: WptPage['scope']): string {
  if (file.endsWith('.html')) return file
  const name = file.replace(/\.js$/, '')
  return name.endsWith('.any') && scope === 'worker' ? `${name}.worker.html` : `${name}.html`
}
