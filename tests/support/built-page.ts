/** Builds a page of the tests as an application would be built, and serves it from a server that stays up. */
import vue from '@vitejs/plugin-vue'
import { type Rollup, build } from 'vite'
import { type StaticServer, serveFiles } from './static-server.js'

/**
 * Serves the page whose sources lie in this folder. What was built stays in memory: files that run at the same time
 * never find each other's folders half written.
 */
export async function servePage(folder: string): Promise<StaticServer> {
  // Test runners set it to `test`, and with that Vue would be its development build.
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    const built = await build({
      root: folder,
      configFile: false,
      plugins: [vue()],
      logLevel: 'error',
      build: { write: false },
    })
    const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput
    const files = new Map(
      output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
    )
    return await serveFiles((path) => files.get(path))
  } finally {
    process.env['NODE_ENV'] = before
  }
}
