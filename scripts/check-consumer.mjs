/**
 * Tries the package as a new user would: a fresh Vite and Vue application (tests/consumer/project), into which npm
 * installs the packed package, and two lines in its Storybook. Its production build holds nothing of the simulator, its
 * development build does; its Storybook is built, served below a sub-path, and its own MSW handlers go through an outage
 * in a real browser. The packages that it names beside it are those of this project: nothing is fetched.
 *
 *     npm run build && node scripts/check-consumer.mjs
 */
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installByNpm, pack } from './packed.mjs'
import { playOutage } from './consumer-storybook.mjs'

const root = path.resolve(import.meta.dirname, '..')
const faults = []

/** What only the simulator says, in its code or in its scenarios. MSW is a part of it. */
const OF_THE_SIMULATOR = [
  ['its scenarios', /SIGKILL, out of memory|firewall drops every packet/],
  ['its faults', /blackhole|failTimes/],
  ['its network', /connectionsPerHost/],
  ['MSW', /mockServiceWorker|\[MSW\]/],
  ['interceptors', /the request has already been handled/],
]

/** What the kit says in any case: without it nothing was built. */
const OF_THE_KIT = [
  ['the kit', /HoldfastError/],
  ['its recorder', /holdfast-recording/],
]

/** Installs it, and looks whether what lies there is what was packed: no link to this project, and no file more. */
function installPacked() {
  const began = performance.now()
  const { tarball, files } = pack(scratch)
  const own = installByNpm(shop, tarball)
  console.log(`npm has installed it in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const there = readdirSync(own, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.relative(own, path.join(file.parentPath, file.name)).replaceAll(path.sep, '/'))
  if (lstatSync(own).isSymbolicLink()) faults.push('npm has linked the package instead of installing it')
  if (there.sort().join() !== [...files].sort().join())
    faults.push(`npm has installed ${there.length} files, and ${files.length} were packed`)
}

function run(command, args, env = {}) {
  const bin = path.join(root, 'node_modules', command)
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: shop,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: '', ...env },
  })
  if (status === 0) return true
  faults.push(`${path.basename(command)} ${args.join(' ')}: ${(stderr + stdout).slice(-2_000)}`)
  return false
}

const textOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(path.join(file.parentPath, file.name), 'utf8'))
    .join('\n')

function buildApplication() {
  const ways = [
    { mode: 'production', holds: OF_THE_KIT, lacks: OF_THE_SIMULATOR },
    // Were it not there either, its absence above would prove nothing.
    { mode: 'development', holds: [...OF_THE_KIT, ...OF_THE_SIMULATOR], lacks: [] },
  ]
  for (const { mode, holds, lacks } of ways) {
    const built = path.join(shop, 'dist')
    if (!run('vite/bin/vite.js', ['build', '--mode', mode, '--logLevel', 'warn'], { NODE_ENV: mode }))
      continue
    const text = textOf(built)
    for (const [what, words] of holds) if (!words.test(text)) faults.push(`the ${mode} build lacks ${what}`)
    for (const [what, words] of lacks) {
      const found = words.exec(text)
      if (found)
        faults.push(`the ${mode} build holds ${what}: ${text.slice(found.index - 40, found.index + 60)}`)
    }
    console.log(`The ${mode} build of an application: ${(text.length / 1024).toFixed(0)} kB`)
    rmSync(built, { recursive: true, force: true })
  }
}

async function tryStorybook() {
  const site = path.join(shop, 'site')
  const below = 'any/sub/path'
  const into = path.join(site, below)
  const began = performance.now()
  const args = ['build', '--output-dir', into, '--disable-telemetry', '--quiet']
  if (!run('storybook/dist/bin/dispatcher.js', args)) return
  console.log(`Its Storybook was built in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  faults.push(...(await playOutage(site, below)))
}

const scratch = mkdtempSync(path.join(tmpdir(), 'holdfast-consumer-'))
const shop = path.join(scratch, 'shop')
try {
  cpSync(path.join(root, 'tests/consumer/project'), shop, { recursive: true })
  installPacked()
  buildApplication()
  await tryStorybook()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

for (const fault of new Set(faults)) console.error(`✗ ${fault}`)
console.log(faults.length ? `${faults.length} faults at a consumer` : 'A consumer can use it.')
process.exitCode = faults.length ? 1 : 0
