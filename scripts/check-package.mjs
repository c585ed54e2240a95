/**
 * Checks what is handed out, as its users get it: packs it, unpacks it into a folder beside nothing but its
 * declared dependencies, and imports every entry point there in plain Node.
 *
 *     npm run build && node scripts/check-package.mjs
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { entries, manifest } from './entries.mjs'
import { importFaults } from './packed-imports.mjs'
import { install, pack } from './packed.mjs'

const root = path.resolve(import.meta.dirname, '..')
const faults = []

const MAY_BE_PACKED = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/.+\.(js|d\.ts|css))$/
const NEVER_PACKED = /(^|\/)(tests?|stories|server|bench|node_modules)\/|\.(test|stories)\./

/** Entry points that only a browser's page can import: they are looked at, not run. */
const NEEDS_A_PAGE = /\/storybook(\/|$)|\/worker$/

function checkFiles(files) {
  for (const file of files) {
    if (!MAY_BE_PACKED.test(file) || NEVER_PACKED.test(file))
      faults.push(`packed, but not part of it: ${file}`)
  }
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
      if (!files.includes(file.replace('./', '')))
        faults.push(`${subpath} leads to ${file}, which is not packed`)
    }
  }
}

/** Every Node on the way that is new enough, one of each major version: { file, version }. */
function findNodes() {
  const [oldest] = manifest.engines.node.match(/\d+/)
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const files = [process.execPath, ...folders.map((folder) => path.join(folder, name))]
  const byMajor = new Map()
  for (const file of files.filter((file) => existsSync(file))) {
    const version = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
    const major = Number(version.match(/^v(\d+)/)?.[1])
    if (major >= Number(oldest) && !byMajor.has(major)) byMajor.set(major, { file, version })
  }
  return [...byMajor.values()]
}

/** In that Node: a line for each entry point, with its name and the names that it exports, or why it cannot be had. */
const IMPORTING = `for (const name of process.argv.slice(1)) {
  const told = await import(name).then((entry) => ({ names: Object.keys(entry).sort() }), (error) => ({ reason: String(error) }))
  console.log(JSON.stringify({ name, ...told }))
}
process.exit()`

/** What each entry point exports in this Node, by its name; one that cannot be imported is a fault. */
function importIn({ file, version }, folder, names) {
  const { stdout, stderr } = spawnSync(file, ['--input-type=module', '-e', IMPORTING, '--', ...names], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  const told = new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map(JSON.parse)
      .map((one) => [one.name, one]),
  )
  return names.map((name) => {
    const { names: exported, reason = stderr } = told.get(name) ?? {}
    if (exported?.length) return exported.join(' ')
    faults.push(`${name} cannot be imported by Node ${version}: ${exported ? 'it exports nothing' : reason}`)
    return null
  })
}

function importAll(folder, chosen) {
  const names = chosen.map(({ name }) => name)
  const lists = nodes.map((node) => importIn(node, folder, names))
  for (const [at, name] of names.entries()) {
    const said = lists.map((list) => list[at])
    if (new Set(said).size > 1) faults.push(`${name} is not the same in each Node`)
    if (said[0]) console.log(`${name}: ${said[0]}`)
  }
}

/** Whatever the kit ships works without the simulator, so that no bundle ever holds it. */
function checkApart(own) {
  for (const file of readdirSync(path.join(own, 'dist'), { recursive: true })) {
    const isSimulator = /^mocks[\\/]/.test(file)
    if (isSimulator || !/\.(js|d\.ts)$/.test(file)) continue
    if (/['"][^'"\n]*\/mocks\//.test(readFileSync(path.join(own, 'dist', file), 'utf8'))) {
      faults.push(`${file} imports the simulator`)
    }
  }
}

/** The types as a user's compiler reads them, with both ways of finding modules. */
function checkTypes(folder, consumers) {
  const sources = { 'files.d.ts': FILES, ...consumers }
  for (const [name, text] of Object.entries(sources)) writeFileSync(path.join(folder, name), text)
  for (const [module, moduleResolution] of [
    ['ESNext', 'Bundler'],
    ['NodeNext', 'NodeNext'],
  ]) {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      // Those of the compiler itself are nobody's here; they took a third of the time.
      skipDefaultLibCheck: true,
      target: 'ES2022',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: [],
      module,
      moduleResolution,
    }
    const config = JSON.stringify({ compilerOptions, files: Object.keys(sources) })
    writeFileSync(path.join(folder, 'tsconfig.json'), config)
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status === 0) continue
    // What other packages declare is theirs; everything else is ours, an unusable compiler included.
    const ours = stdout
      .split('\n')
      .filter((line) => /error TS/.test(line) && !/^\S*node_modules\/(?!holdfast\/)/.test(line))
    for (const line of ours) faults.push(`types, ${moduleResolution}: ${line}`)
    if (!stdout.includes('error TS')) faults.push(`types, ${moduleResolution}: the compiler did not run`)
  }
}

/** What a bundler makes of files that are no TypeScript. */
const FILES = `declare module '*.vue' { const component: import('vue').Component; export default component }
declare module '*.css'
`

const consumer = (name) => readFileSync(path.join(root, 'tests/consumer', name), 'utf8')

/** The code of the README and of the guides, piece by piece: what a newcomer copies has to compile. */
function codeOfPages() {
  const pieces = ['README.md', ...globSync('stories/**/*.mdx', { cwd: root })].flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(([, code], index) => [
      `${path.parse(page).name.toLowerCase()}-${index + 1}.mts`,
      code,
    ]),
  )
  const [, first = ''] = pieces.find(([name]) => name === 'readme-1.mts') ?? []
  // One of them, of main.ts, is a comment.
  const lines = first.split('\n').filter((line) => line.trim())
  if (lines.length !== 10) faults.push(`README.md: its first code has ${lines.length} lines, not ten`)
  return Object.fromEntries(pieces)
}

async function lintPackage(own) {
  const { messages, pkg } = await publint({ pkgDir: own, pack: false, strict: true })
  for (const message of messages) faults.push(`publint: ${formatMessage(message, pkg, { color: false })}`)
}

/** Entry points that work where not even axios is installed. */
const NEEDS_NO_PEER = [
  '.',
  './presets',
  './chunks',
  './tabs',
  './fetch',
  './queue',
  './live',
  './guard',
  './recorder',
]

const nodes = findNodes()
console.log(`Imported by Node ${nodes.map(({ version }) => version).join(' and ')}`)

const scratch = mkdtempSync(path.join(tmpdir(), 'holdfast-package-'))
try {
  const { tarball, files, size } = pack(scratch)
  console.log(`${files.length} files, ${(size / 1024).toFixed(0)} kB packed`)
  checkFiles(files)

  const optional = Object.keys(manifest.peerDependenciesMeta ?? {})
  const needed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
  const forTheKit = needed.filter((name) => !optional.includes(name) || name === 'axios' || name === 'vue')
  const kit = entries.filter((entry) => !entry.simulator)
  const simulator = entries.filter((entry) => entry.simulator)

  const kitFolder = path.join(scratch, 'kit')
  const own = install(kitFolder, tarball, forTheKit)
  importAll(kitFolder, kit)
  checkTypes(kitFolder, { 'kit.mts': consumer('kit.mts'), ...codeOfPages() })
  checkApart(own)
  faults.push(...importFaults(own))
  await lintPackage(own)

  const aloneFolder = path.join(scratch, 'alone')
  install(aloneFolder, tarball, Object.keys(manifest.dependencies))
  importAll(
    aloneFolder,
    kit.filter((entry) => NEEDS_NO_PEER.includes(entry.subpath)),
  )
  checkTypes(aloneFolder, { 'fetch.mts': consumer('fetch.mts'), 'files.d.ts': '' })

  const labFolder = path.join(scratch, 'laboratory')
  install(
    labFolder,
    tarball,
    needed.filter((name) => existsSync(path.join(root, 'node_modules', name))),
  )
  importAll(
    labFolder,
    simulator.filter((entry) => !NEEDS_A_PAGE.test(entry.subpath)),
  )
  checkTypes(labFolder, { 'simulator.mts': consumer('simulator.mts') })
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

for (const fault of faults) console.error(`✗ ${fault}`)
console.log(faults.length ? `${faults.length} faults in the package` : 'The package is sound.')
process.exitCode = faults.length ? 1 : 0
