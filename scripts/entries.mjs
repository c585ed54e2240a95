/** The published entry points, read from package.json: one list for the build and for its check. */
import { readFileSync } from 'node:fs'

/** The project's package.json. */
export const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** `./dist/http/index.js` is made from `src/http/index.ts`, `./dist/mocks/node.js` from `mocks/node.ts`. */
function sourceOf(target) {
  const name = target.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts')
  return name.startsWith('mocks/') ? name : `src/${name}`
}

/** Every entry that is code: { subpath, name (as it is imported), target, source, simulator }. */
export const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([subpath, { default: target }]) => ({
    subpath,
    name: manifest.name + subpath.slice(1),
    target,
    source: sourceOf(target),
    simulator: target.startsWith('./dist/mocks/'),
  }))
