/** Code of the guides: cut out of files that are tested, so that it cannot rot. */

/** What the files of this project import, and what their readers would. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/(?:\.\.\/)+mocks\/index\.js/g, 'holdfast/simulator'],
  [/(?:\.\.\/)+mocks\/storybook\/index\.js/g, 'holdfast/simulator/storybook'],
  [/(?:\.\.\/)+mocks\/(node|dev-server|playwright)\.js/g, 'holdfast/simulator/$1'],
  [/(?:\.\.\/)+src\/index\.js/g, 'holdfast'],
  [/(?:\.\.\/)+src\/http\/fetch\.js/g, 'holdfast/fetch'],
  [/(?:\.\.\/)+src\/(http|recorder|queue|vue)\/index\.js/g, 'holdfast/$1'],
  [/playwright\/test/g, '@playwright/test'],
  // Which promise a test of ours proves is no matter of theirs.
  [/(?<=test\(['"])[RBI]\d\d: /g, ''],
]

/**
 * The part of a file between `// #region name` and `// #endregion name`, as a reader would write it.
 * @throws naming the region, if the file has none of this name
 */
export function snippet(file: string, name: string): string {
  const [, after] = file.split(new RegExp(`^ *// #region ${name}\\n`, 'm'))
  const [code, end] = after?.split(new RegExp(`^ *// #endregion ${name}$`, 'm')) ?? []
  if (code === undefined || end === undefined) throw new Error(`There is no region "${name}" in this file`)
  return outdented(NAMES.reduce((text, [ours, theirs]) => text.replace(ours, theirs), code).trimEnd())
}

/** Out of the function that it was cut from. */
function outdented(code: string): string {
  const lines = code.split('\n')
  const depths = lines.filter((line) => line.trim()).map((line) => line.search(/\S/))
  const depth = Math.min(...depths)
  return lines.map((line) => line.slice(depth)).join('\n')
}
