/** Which packages the packed files import, and whether package.json says so. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { globalPackages } from 'storybook/internal/manager/globals'
import ts from 'typescript'
import { manifest } from './entries.mjs'

/** Who installs it has these, or is told to. */
const DECLARED = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]

/** The panel takes React from Storybook's manager, which puts its own in the place of this name. */
const isOfTheManager = (file, name) => /^mocks[\\/]storybook[\\/]/.test(file) && globalPackages.includes(name)

/** Only the entry for Node needs Node. */
const isOfNode = (file, name) => isBuiltin(name) && /^mocks[\\/]node\./.test(file)

/** `@scope/name/part` is of the package `@scope/name`. */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** What is imported without being declared, and declared without being imported, in words. */
export function importFaults(own) {
  const dist = path.join(own, 'dist')
  const imported = new Set()
  const faults = new Set()
  for (const file of readdirSync(dist, { recursive: true })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue
    const { importedFiles } = ts.preProcessFile(readFileSync(path.join(dist, file), 'utf8'), true, true)
    for (const { fileName: specifier } of importedFiles) {
      if (specifier.startsWith('.') || isOfNode(file, specifier)) continue
      const name = packageOf(specifier)
      imported.add(name)
      if (!DECLARED.includes(name) && !isOfTheManager(file, name))
        faults.add(`${file} imports ${specifier}, and package.json declares no ${name}`)
    }
  }
  for (const name of DECLARED)
    if (!imported.has(name)) faults.add(`package.json declares ${name}, and no packed file imports it`)
  return [...faults]
}
