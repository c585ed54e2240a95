/** Makes the world, then loads the contestants into it: packages look at their globals when they are loaded. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../bundle.mjs'

/** @param {(parts: any) => Promise<void>} run gets the contestants and the rounds */
export async function play(run) {
  const folder = await bundle(
    'recovery',
    {
      world: 'bench/recovery/world.ts',
      rounds: 'bench/recovery/rounds.ts',
      contestants: 'bench/recovery/contestants.ts',
      herd: 'bench/recovery/herd.ts',
      'real-herd': 'bench/recovery/real-herd.ts',
      presets: 'src/presets.ts',
    },
    ['@sinonjs/fake-timers', 'node:events'],
  )
  const load = (name) => import(pathToFileURL(path.join(folder, `${name}.js`)).href)
  await load('world')
  await run({
    ...(await load('contestants')),
    ...(await load('rounds')),
    ...(await load('herd')),
    ...(await load('real-herd')),
    presets: await load('presets'),
  })
  process.exit()
}
