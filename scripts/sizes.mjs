/**
 * What the package costs an application, in bytes, minified and compressed (brotli), against the budgets of
 * docs/spec/performance.md, P7. vue and axios are the application's own.
 *
 *     node scripts/sizes.mjs
 */
import vue from '@vitejs/plugin-vue'
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')
const START = '\0what-is-weighed'

/** `uses`: the entry points, and of which only these names; `limit`: the promise. */
const WEIGHED = [
  { what: 'holdfast', uses: ['export * from "/src/index.ts"'], limit: 4_000 },
  { what: 'holdfast/http', uses: ['export * from "/src/http/index.ts"'], limit: 2_500 },
  { what: 'holdfast/queue, with idb', uses: ['export * from "/src/queue/index.ts"'], limit: 5_000 },
  { what: 'holdfast/vue', uses: ['export * from "/src/vue/index.ts"'], limit: 1_000 },
  {
    what: 'connection + http + queue + vue',
    uses: [
      'export { createConnection, probe, browserSignals } from "/src/index.ts"',
      'export { attachHttp } from "/src/http/index.ts"',
      'export { createQueue, indexedDbStore } from "/src/queue/index.ts"',
      'export { createHoldfast, useConnection, useStatus } from "/src/vue/index.ts"',
    ],
    limit: 12_000,
  },
  {
    what: 'StatusBar and RetryModal, with css',
    uses: ['export { StatusBar, RetryModal } from "/src/components/index.ts"', 'import "/src/components/style.css"'],
    limit: 5_000,
  },
  {
    what: 'QueuedActionList, with css',
    uses: ['export { QueuedActionList } from "/src/components/index.ts"', 'import "/src/components/style.css"'],
    limit: 5_000,
  },
]

const entryOf = (uses) => ({
  name: 'what-is-weighed',
  resolveId: (id) => (id === START ? START : null),
  load: (id) => (id === START ? uses.join('\n') : null),
})

async function weigh(uses) {
  const { output } = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    plugins: [entryOf(uses), vue()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: START,
        external: ['vue', 'axios'],
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  })
  const bytes = output.map((file) => brotliCompressSync(file.type === 'chunk' ? file.code : file.source).length)
  if (process.env.SHOW) for (const f of output) console.log(f.fileName, (f.code ?? f.source).length, (f.code ?? f.source).slice(3000, 4200))
  return bytes.reduce((sum, each) => sum + each, 0)
}

let over = 0
for (const { what, uses, limit } of WEIGHED) {
  const bytes = await weigh(uses)
  const isOver = bytes > limit
  over += Number(isOver)
  console.log(`${isOver ? '✗' : '✓'} ${what}: ${bytes} of ${limit} bytes`)
}
process.exitCode = over ? 1 : 0
