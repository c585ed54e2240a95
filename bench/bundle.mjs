/** Bundles what is measured, as an application would. */
import path from 'node:path'
import { build } from 'vite'
import { compileVue } from '../scripts/compile-vue.mjs'

export const root = path.resolve(import.meta.dirname, '..')

/**
 * @param {string} name a folder of its own below `.cache/bench`
 * @param {Record<string, string>} input file by name, from the root
 * @param {(string | RegExp)[]} external what Node resolves by itself
 * @returns {Promise<string>} the folder; each input is there as `<name>.js`
 */
export async function bundle(name, input, external = []) {
  const outDir = path.join(root, '.cache/bench', name)
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [compileVue()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([key, file]) => [key, path.join(root, file)])),
        external,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  })
  return outDir
}
