/**
 * Builds the package into dist/: one module per source file, ES only, types beside them.
 * dist/ holds what src/ holds; the simulator is below dist/mocks/.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'vite'
import { compileVue } from './compile-vue.mjs'
import { entries, manifest } from './entries.mjs'

const TYPES = '.cache/types'

/** The looks of the components; no module imports them, applications do. */
const STYLES = ['style', 'base', 'surfaces', 'list', 'parts'].map((name) => `src/components/${name}.css`)

const packages = [
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.peerDependencies),
  ...['@storybook', 'react'],
]

function isExternal(id) {
  return id.startsWith('node:') || packages.some((name) => id === name || id.startsWith(`${name}/`))
}

async function buildModules() {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [compileVue()],
    build: {
      target: 'es2022',
      minify: false,
      lib: {
        entry: entries.map((entry) => entry.source),
        formats: ['es'],
      },
      rolldownOptions: {
        external: isExternal,
        output: {
          preserveModules: true,
          preserveModulesRoot: 'src',
          entryFileNames: '[name].js',
        },
      },
    },
  })
}

async function buildStyle() {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      emptyOutDir: false,
      cssMinify: false,
      rolldownOptions: { input: STYLES, output: { assetFileNames: '[name][extname]' } },
    },
  })
}

/** In dist/ the folder src/ is the root, and a component is a module; what a comment shows is the reader's own. */
function rewriteImports(text) {
  return text.replace(/^(?! *\*).+$/gm, rewriteLine)
}

function rewriteLine(line) {
  return line.replace(/(['"](?:\.\.\/)+)src\//g, '$1').replace(/(['"]\.[^'"\n]*\.vue)(['"])/g, '$1.js$2')
}

/** They are written here, and checked by `npm run types`. */
function buildTypes() {
  rmSync(TYPES, { recursive: true, force: true })
  const { status } = spawnSync('vue-tsc -p tsconfig.build.json --noCheck', { stdio: 'inherit', shell: true })
  if (status !== 0) throw new Error('The types cannot be written.')
  for (const file of globSync(`${TYPES}/**/*.d.ts`)) {
    writeFileSync(file, rewriteImports(readFileSync(file, 'utf8')))
  }
  cpSync(`${TYPES}/src`, 'dist', { recursive: true })
  cpSync(`${TYPES}/mocks`, 'dist/mocks', { recursive: true })
}

rmSync('dist', { recursive: true, force: true })
await buildModules()
await buildStyle()
buildTypes()
