/** The package as its users get it: packed, and unpacked where they would have it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
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
  for (const name of packages) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction')
  }
  return own
}
