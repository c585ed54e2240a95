/** The package as its users get it: packed, and unpacked where they would have it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { manifest } from './entries.mjs'

const root = path.resolve(import.meta.dirname, '..')

/** Packs it into a folder: { tarball, files, size }. */
export function pack(folder) {
  const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ filename, files, size }] = JSON.parse(answer)
  return { tarball: path.join(folder, filename), files: files.map((file) => file.path), size }
}

/** A folder with the package and the packages named, and nothing else that could be found by luck. */
export function install(folder, tarball, packages) {
  const modules = path.join(folder, 'node_modules')
  const own = path.join(modules, manifest.name)
  mkdirSync(own, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1'])
  for (const name of packages) link(modules, name)
  return own
}

/** A package of this project, at a place of another one. */
function link(modules, name) {
  mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
  symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction')
}

/** npm 11.19 fails over a linked package that another linked one depends on: linked when it is done. */
const BY_HAND = ['@mswjs/interceptors']

/**
 * Installs it into a project by npm itself, as its user does: the tarball is unpacked, and what it depends on and asks
 * for is resolved, a peer of a wrong version refused. The other packages of the project are those of this one, at their
 * places, so that nothing is fetched. What neither the project nor the tarball names is not there.
 */
export function installByNpm(project, tarball) {
  const file = path.join(project, 'package.json')
  const wanted = JSON.parse(readFileSync(file, 'utf8'))
  const here = (name) => `file:${path.join(root, 'node_modules', name)}`
  const listed = (names) =>
    Object.fromEntries(
      names
        .filter((name) => !BY_HAND.includes(name))
        .map((name) => [name, name === manifest.name ? `file:${tarball}` : here(name)]),
    )
  const found = {
    ...wanted,
    dependencies: listed(Object.keys(wanted.dependencies)),
    devDependencies: listed(Object.keys(wanted.devDependencies)),
    overrides: listed(Object.keys(manifest.dependencies)),
  }
  writeFileSync(file, JSON.stringify(found, null, 2))
  const how = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['install', '--prefix', project, ...how], {
    cwd: project,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const modules = path.join(project, 'node_modules')
  const named = Object.keys({ ...wanted.dependencies, ...wanted.devDependencies })
  for (const name of BY_HAND.filter((one) => named.includes(one))) link(modules, name)
  return path.join(modules, manifest.name)
}
