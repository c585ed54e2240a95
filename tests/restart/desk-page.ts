/** Builds the page under test once, and serves it from a server that stays up. */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'
import { type StaticServer, serveFolder } from '../support/static-server.js'

const ROOT = fileURLToPath(new URL('./page', import.meta.url))
const BUILT = fileURLToPath(new URL('../../.cache/restart-page', import.meta.url))

/** Builds as an application would be built, and serves the result. */
export async function serveDeskPage(): Promise<StaticServer> {
  await build({
    root: ROOT,
    configFile: false,
    plugins: [vue()],
    logLevel: 'warn',
    build: { outDir: BUILT, emptyOutDir: true, minify: false, sourcemap: 'inline' },
  })
  return serveFolder(BUILT)
}
