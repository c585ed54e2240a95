import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import { test } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import { servePage } from '../support/built-page.js'
import { serveFiles } from '../support/static-server.js'
test('dbg', async () => {
  const browser = await launchBrowser()
  const site = await servePage(fileURLToPath(new URL('./workload', import.meta.url)))
  const page = await browser.newPage()
  await page.goto(site.origin)
  const [a, b] = await page.evaluate(async () => {
    const line = (l: any) => JSON.stringify(l)
    const a = (await (window as any).runWorkload()).log.map(line)
    const b = (await (window as any).runInstalled()).log.map(line)
    return [a, b]
  })
  const at = a.findIndex((l: string, i: number) => l !== b[i])
  console.log(at, a.length, b.length, '\n', a.slice(at - 1, at + 3).join('\n'), '\n---\n', b.slice(at - 1, at + 3).join('\n'))
  await site.stop()
  const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const FILES: any = { '/mockServiceWorker.js': fileOf('../../public/mockServiceWorker.js'), '/application.js': fileOf('./worker-page/application.js') }
  const built = await servePage(fileOf('./worker-page'))
  const s2 = await serveFiles(async (path) => { const f = FILES[path]; if (f) return readFile(f); const r = await fetch(built.origin + path); return r.ok ? r.text() : null })
  const p2 = await browser.newPage()
  p2.on('console', (m) => console.log('page:', m.text()))
  await p2.goto(s2.origin)
  await p2.waitForFunction(() => 'ready' in window)
  await new Promise((r) => setTimeout(r, 800))
  console.log(await p2.evaluate(() => (window as any).seen))
  await p2.evaluate(() => (window as any).run({ name: 'A', sentence: 'B', steps: [{ atMs: 0, do: { type: 'restart.kill', downMs: 60000 } }] }))
  await new Promise((r) => setTimeout(r, 1500))
  console.log(await p2.evaluate(() => (window as any).seen), await p2.evaluate(() => (window as any).network.log.map((l: any) => [l.transport, l.end, l.status, l.url].join(' '))))
  await browser.close(); await s2.stop(); await built.stop()
}, 60000)
