/**
 * Compares pictures of everything that can be seen with those that were agreed upon: builds Storybook, draws its
 * stories in a browser that stands still, and says what differs. What differs is shown in .cache/visual/.
 *
 *     npm run visual                  each state by its URL, too; the test command opens one in three
 *     npm run visual -- --update      the pictures of today become the references
 *     npm run visual -- --built       takes storybook-static as it is
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    update: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
})

function run(command, env = {}) {
  const { status } = spawnSync(command, { stdio: 'inherit', shell: true, env: { ...process.env, ...env } })
  return status ?? 1
}

rmSync('.cache/visual', { recursive: true, force: true })
if (!options.built && run('npm run build-storybook') !== 0) throw new Error('Storybook cannot be built.')
process.exitCode = run('vitest run --project visual', {
  HOLDFAST_VISUAL: options.update ? 'update' : 'whole',
})
