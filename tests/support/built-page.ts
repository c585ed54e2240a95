/** Builds a page of the tests as an application would be built, and serves it from a server that stays up. */
import vue from '@vitejs/plugin-vue'
import { type Rollup, build } from 'vite'
import { type StaticServer, serveFiles } from './static-server.js'

type Files = ReadonlyMap<string, string | Uint8Array>

/**
 * The files of each page by its folder. What was built stays in memory: files of tests that run at the same time never
 * find each other's folders half written, and those that run one after the other in a process build it once.
 */
const pages = new Map<string, Promise<Files>>()

/** Serves the page whose sources lie in this folder. */
export async function servePage(folder: string): Promise<StaticServer> {
  const built = pages.get(folder) ?? buildPage(folder)
  pages.set(folder, built)
  const files = await built
  return serveFiles((path) => files.get(path))
}

async function buildPage(folder: string): Promise<Files> {
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
    return new Map(
      output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
    )
  } finally {
    process.env['NODE_ENV'] = before
  }
}
