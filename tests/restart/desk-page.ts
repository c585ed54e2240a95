/** Builds the page under test once, and serves it from a server that stays up. */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'
import { type StaticServer, serveFolder } from '../support/static-server.js'

const ROOT = fileURLToPath(new URL('./page', import.meta.url))
const BUILT = fileURLToPath(new URL('../../.cache/restart-page', import.meta.url))

/** Builds as an application would be built, and serves the result. */
export async function serveDeskPage(): Promise<StaticServer> {
  // Test runners set it to `test`, and with that Vue would be its development build.
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({
      root: ROOT,
      configFile: false,
      plugins: [vue()],
      logLevel: 'error',
      build: { outDir: BUILT, emptyOutDir: true },
    })
  } finally {
    process.env['NODE_ENV'] = before
  }
  return serveFolder(BUILT)
}
