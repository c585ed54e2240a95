/**
 * Checks what is handed out, as its users get it: packs it, unpacks it into a folder beside nothing but its
 * declared dependencies, and imports every entry point there in plain Node.
 *
 *     npm run build && node scripts/check-package.mjs
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { entries, manifest } from './entries.mjs'

const root = path.resolve(import.meta.dirname, '..')
const faults = []

const MAY_BE_PACKED = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/.+\.(js|d\.ts|css))$/
const NEVER_PACKED = /(^|\/)(tests?|stories|server|bench|node_modules)\/|\.(test|stories)\./

/** Entry points that only a browser's page can import: they are looked at, not run. */
const NEEDS_A_PAGE = /\/storybook\//

function pack(folder) {
  const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ filename, files, size }] = JSON.parse(answer)
  return { tarball: path.join(folder, filename), files: files.map((file) => file.path), size }
}

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

/** A folder with the package and the packages named, and nothing else that could be found by luck. */
function install(folder, tarball, packages) {
  const modules = path.join(folder, 'node_modules')
  const own = path.join(modules, manifest.name)
  mkdirSync(own, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1'])
  for (const name of packages) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction')
  }
  return own
}

function importAll(folder, chosen) {
  for (const { name } of chosen) {
    const code = `const entry = await import(${JSON.stringify(name)}); console.log(Object.keys(entry).sort().join(' '))`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--conditions=default', '-e', code],
      { cwd: folder, encoding: 'utf8', timeout: 30_000 },
    )
    if (status === 0 && stdout.trim()) console.log(`${name}: ${stdout.trim()}`)
    else
      faults.push(`${name} cannot be imported: ${stderr.match(/^\w*Error.*$/m)?.[0] ?? 'it exports nothing'}`)
  }
}

/** Whatever the kit ships works without the simulator, so that no bundle ever holds it. */
function checkApart(own) {
  for (const file of globSync('dist/**/*.{js,d.ts}', { cwd: own })) {
    if (file.startsWith('dist/mocks/')) continue
    if (/['"][^'"\n]*\/mocks\//.test(readFileSync(path.join(own, file), 'utf8'))) {
      faults.push(`${file} imports the simulator`)
    }
  }
}

/** The types as a user's compiler reads them, with both ways of finding modules. */
function checkTypes(folder, chosen) {
  const lines = chosen.map(({ name }, at) => `import * as entry${at} from '${name}'\nvoid entry${at}\n`)
  writeFileSync(path.join(folder, 'index.mts'), lines.join(''))
  for (const [module, moduleResolution] of [
    ['ESNext', 'Bundler'],
    ['NodeNext', 'NodeNext'],
  ]) {
    const lib = ['ES2023', 'DOM', 'DOM.Iterable']
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: 'ES2022',
      lib,
      types: [],
      module,
      moduleResolution,
    }
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['index.mts'] }),
    )
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

async function lintPackage(own) {
  const { messages, pkg } = await publint({ pkgDir: own, pack: false, strict: true })
  for (const message of messages) faults.push(`publint: ${formatMessage(message, pkg, { color: false })}`)
}

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
  checkTypes(kitFolder, kit)
  checkApart(own)
  await lintPackage(own)

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
  checkTypes(labFolder, simulator)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

for (const fault of faults) console.error(`✗ ${fault}`)
console.log(faults.length ? `${faults.length} faults in the package` : 'The package is sound.')
process.exitCode = faults.length ? 1 : 0
