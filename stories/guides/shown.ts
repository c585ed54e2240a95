/** Code of files that are compiled and tested, as whoever installs the package would write it. */
import manifest from '../../package.json'

/** What a source file is called from outside: `src/http/index` is `holdfast/http`. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return []
    const file = target.default.replace(/^\.\/dist\/(.+)\.js$/, '$1')
    return [[file, `holdfast${subpath.slice(1)}`]]
  }),
)

const OUTSIDE = /(['"])(?:\.\.\/)+((?:src|mocks|stories)\/[^'"]+)\1/g

function nameOf(file: string): string {
  if (file === 'src/components/style.css') return 'holdfast/style.css'
  const path = file.replace(/\.(js|ts)$/, '')
  const known = NAMES.get(path.replace(/^src\//, ''))
  if (known) return known
  const sample = /^stories\/guides\/samples\/(.+)$/.exec(file)?.[1]
  if (sample) return `./${sample}`
  throw new Error(`${file} is no entry of the package: nobody could write this import`)
}

/**
 * The code of a file, or of a region of it, with imports by the package's own names.
 *
 * @param code the text of the file (`?raw`)
 * @param region shows only what stands between `// #region name` and `// #endregion`
 * @throws where the file imports what the package does not export, or the region is not there
 */
export function shown(code: string, region?: string): string {
  return partOf(code, region)
    .replace(/^\s*\/\/ #(region|endregion).*\n/gm, '')
    .replace(OUTSIDE, (_all, quote: string, file: string) => `${quote}${nameOf(file)}${quote}`)
    .trim()
}

/** What a `Source` block is given: the code, in the theme of the page. */
export const sourceOf = (code: string, language: 'ts' | 'html' | 'css' = 'ts') => ({
  code: shown(code),
  language,
  dark: document.documentElement.dataset['theme'] === 'dark',
})

function partOf(code: string, region: string | undefined): string {
  if (region === undefined) return code
  const part = code.split(`// #region ${region}\n`)[1]?.split('// #endregion')[0]
  if (part === undefined) throw new Error(`there is no region ${region}`)
  return part
}
