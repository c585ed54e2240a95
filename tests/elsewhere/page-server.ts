/** The page of this folder on Vite's development server, as an application's own. */
import { fileURLToPath } from 'node:url'
import type { createServer, ViteDevServer } from 'vite'

/** Starts it on a port of its own. */
export async function servePage(
  create: typeof createServer,
): Promise<{ readonly server: ViteDevServer; readonly url: string }> {
  const server = await create({
    root: fileURLToPath(new URL('./page', import.meta.url)),
    configFile: false,
    logLevel: 'warn',
    cacheDir: fileURLToPath(new URL('../../.cache/elsewhere', import.meta.url)),
    server: { host: '127.0.0.1', port: 0, fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] } },
    // Whatever is found only while tests run makes Vite reload the page under them.
    optimizeDeps: {
      include: ['axios', 'msw', '@mswjs/interceptors/WebSocket'],
    },
  })
  await server.listen()
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('The development server has no address')
  return { server, url }
}
