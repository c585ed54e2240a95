/**
 * What the package costs an application: bytes of each entry point, minified and compressed (brotli), against
 * the budgets of docs/spec/performance.md, P7. vue and axios are the application's own.
 *
 * A budget that is `kept` is a check. One that is not yet is told with its true number; more than `most` is a failure, and
 * `most` grows only by what a function costs that was asked for.
 *
 *     npm run sizes
 */
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { compileVue } from './compile-vue.mjs'

const root = path.resolve(import.meta.dirname, '..')
const START = '\0what-is-weighed'

const all = (source) => `export * from '/src/${source}'`
const names = (list, source) => `export { ${list} } from '/src/${source}'`
const style = (...names) => names.map((name) => `import '/src/components/${name}.css'`).join('\n')

const BUDGETS = [
  { what: 'holdfast', code: [all('index.ts')], limit: 4_000, most: 14_280 },
  { what: 'holdfast/http', code: [all('http/index.ts')], limit: 2_500, most: 12_480 },
  { what: 'holdfast/fetch', code: [all('http/fetch.ts')], limit: 2_500, most: 13_520 },
  { what: 'holdfast/queue with idb', code: [all('queue/index.ts')], limit: 5_000, most: 20_440 },
  {
    what: 'holdfast/live',
    code: [all('live/index.ts')],
    limit: 6_000,
    // Of which 200 came with the policy `durable` of a channel.
    most: 35_134,
  },
  {
    what: 'holdfast/live/durable, besides holdfast/live',
    code: [all('live/index.ts'), all('live/durable.ts')],
    besides: [all('live/index.ts')],
    limit: 900,
  },
  {
    what: 'a socket with its heartbeat, besides createConnection',
    code: [names('ReconnectingWebSocket, adaptive', 'live/index.ts')],
    besides: [names('createConnection', 'core/connection.ts')],
    limit: 2_058,
    most: 10_449,
  },
  { what: 'holdfast/vue', code: [all('vue/index.ts')], limit: 1_000, most: 2_740 },
  {
    what: 'holdfast/vue/drafts, besides holdfast/vue',
    code: [all('vue/index.ts'), all('vue/drafts.ts')],
    besides: [all('vue/index.ts')],
    limit: 2_800,
  },
  {
    what: 'holdfast/chunks, besides createConnection',
    code: [names('createConnection', 'core/connection.ts'), all('signals/chunks.ts')],
    besides: [names('createConnection', 'core/connection.ts')],
    limit: 1_400,
  },
  {
    what: 'holdfast/tabs, besides createConnection',
    code: [names('createConnection', 'core/connection.ts'), all('tabs/across.ts')],
    besides: [names('createConnection', 'core/connection.ts')],
    limit: 750,
  },
  {
    what: 'holdfast/guard, besides createConnection',
    code: [names('createConnection', 'core/connection.ts'), all('guard/index.ts')],
    besides: [names('createConnection', 'core/connection.ts')],
    limit: 2_700,
  },
  {
    what: 'holdfast/vue/guard, besides holdfast/vue',
    code: [all('vue/index.ts'), all('vue/guard.ts')],
    besides: [all('vue/index.ts')],
    limit: 750,
  },
  {
    what: 'holdfast/recorder, besides createConnection',
    code: [names('createConnection', 'core/connection.ts'), all('recorder/index.ts')],
    besides: [names('createConnection', 'core/connection.ts')],
    limit: 1_000,
  },
  {
    what: 'connection, http, queue and vue together',
    code: [
      names('createConnection, probe, browserSignals', 'index.ts'),
      names('attachHttp', 'http/index.ts'),
      names('createQueue, indexedDbStore', 'queue/index.ts'),
      names('createHoldfast, useConnection, useStatus', 'vue/index.ts'),
    ],
    limit: 12_000,
    most: 33_710,
  },
  {
    what: 'StatusBar and RetryModal with css',
    code: [names('StatusBar, RetryModal', 'components/index.ts'), style('base', 'surfaces')],
    limit: 5_000,
    // Of which 130 came with one height in ten languages on a phone.
    most: 9_910,
  },
  {
    what: 'QueuedActionList with css',
    code: [names('QueuedActionList', 'components/index.ts'), style('base', 'list')],
    limit: 5_000,
    // Of which 2,000 came with the window, groups, the settling of conflicts, forms and undo.
    most: 11_640,
  },
  {
    what: 'ConnectionBadge, SavedHint and ConnectionDetails with css, besides the list',
    code: [
      names('QueuedActionList, ConnectionBadge, SavedHint, ConnectionDetails', 'components/index.ts'),
      style('base', 'list', 'parts'),
    ],
    besides: [names('QueuedActionList', 'components/index.ts'), style('base', 'list')],
    limit: 5_000,
  },
]

/** A module that nobody wrote to disk: what an application would import. */
const startingWith = (code) => ({
  name: 'what-is-weighed',
  resolveId: (id) => (id === START ? START : null),
  load: (id) => (id === START ? code.join('\n') : null),
})

async function weigh(code) {
  const { output } = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [startingWith(code), compileVue()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      cssCodeSplit: false,
      reportCompressedSize: false,
      modulePreload: false,
      rolldownOptions: {
        input: START,
        external: ['vue', 'axios'],
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  })
  const texts = output.map((file) => (file.type === 'chunk' ? file.code : file.source))
  return texts.reduce((sum, text) => sum + brotliCompressSync(text).length, 0)
}

function verdict(bytes, limit, most) {
  if (bytes <= limit) return most ? ['·', ', kept by now: make it a check'] : ['✓', '']
  const times = `${(bytes / limit).toFixed(1)} times the budget`
  if (!most) return ['✗', `, ${times}`]
  return bytes > most
    ? ['✗', `, ${times}, and more than the ${most} of before`]
    : ['·', `, ${times}, not kept yet`]
}

let broken = 0
for (const { what, code, besides, limit, most = 0 } of BUDGETS) {
  const bytes = (await weigh(code)) - (besides ? await weigh(besides) : 0)
  const [mark, remark] = verdict(bytes, limit, most)
  console.log(`${mark} ${what}: ${bytes} of ${limit} bytes${remark}`)
  if (mark === '✗') broken += 1
}
const open = BUDGETS.filter(({ most }) => most).length
if (open) console.log(`${open} of ${BUDGETS.length} budgets are not kept yet.`)
process.exitCode = broken ? 1 : 0
