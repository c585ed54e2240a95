/** A real browser whose profile is on a small disk, until there is no room: first by its quota, then in truth. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { servePage } from '../support/built-page.js'
import { openProfile } from './browser-profile.js'
import { keptActions } from './kept-actions.js'
import { startService } from './requests/service.js'

const ROOT = fileURLToPath(new URL('./small-disk', import.meta.url))
/** The profile takes about 2 MB of it; what the browser then gives one site is about half of the disk. */
const DISK_MB = 12
/** The length of a text that is kept as 120 kB. */
const BIG = 120_000
const SMALL = 400
/** What is left when the disk is filled from outside, in bytes. */
const LEFT = 600_000

/** Mounts it; says why not where that is not allowed. */
function mountSmallDisk(): { readonly folder: string } | { readonly why: string } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true })
    return { why: `a small disk cannot be mounted here: ${(error as Error).message.trim()}` }
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true })
  })
  return { folder }
}

test('I02 I08 on a full disk an action is refused and never shown, what is kept is shown and stays, and when there is room again all of it is sent once', async ({
  skip,
}) => {
  const disk = mountSmallDisk()
  if ('why' in disk) {
    console.log(disk.why)
    return skip(disk.why)
  }
  const [site, service] = await Promise.all([servePage(ROOT), startService(5)])
  onTestFinished(async () => {
    await Promise.all([site.stop(), service.leave()])
  })
  const { context } = await openProfile(join(disk.folder, 'profile'))
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(`${site.origin}?api=${service.origin}`)
  const report = () => page.evaluate(() => window.disk.report())
  await page.waitForFunction(() => window.disk.report().link === 'online')

  let last = 0
  /** Kept, and not let go by the person. */
  const accepted: number[] = []
  const refusals: string[] = []
  const order = async (length: number) => {
    const said = await page.evaluate(([seq, length]) => window.disk.order(seq, length), [
      ++last,
      length,
    ] as const)
    if (said === 'kept') accepted.push(last)
    else refusals.push(said)
    return said
  }
  const fill = async () => {
    while ((await order(BIG)) === 'kept');
    for (let times = 0; times < 3; times++) await order(BIG)
  }
  const expectTrue = async (when: string) => {
    const { shown, facts } = await report()
    const sent = service.visits.map(({ path }) => Number(path.split('/').at(-1)))
    const waiting = accepted.filter((seq) => !sent.includes(seq))
    expect(shown, `shown ${when}`).toEqual(waiting)
    expect(await keptActions(context, site.origin, 'small'), `kept ${when}`).toEqual(waiting)
    expect(facts, when).toMatchObject({ persisted: true, lostAt: null, aside: 0 })
  }
  /** A page that lies behind another one, which reads the database, draws no frames to look in. */
  const drained = () =>
    page.waitForFunction(() => window.disk.report().shown.length === 0, null, { polling: 50 })

  await service.leave()
  await fill()
  expect([...new Set(refusals)]).toEqual(['storage-full'])
  await expectTrue('at the quota')
  const [first] = accepted
  await page.evaluate((seq) => window.disk.discard(seq), first!)
  accepted.shift()
  expect([await order(SMALL), await order(SMALL)]).toEqual(['kept', 'kept'])
  await expectTrue('when the person has let one go')
  await service.comeBack()
  await drained()
  await expectTrue('when all is sent')

  await service.leave()
  const { bavail, bsize } = statfsSync(disk.folder)
  const ballast = join(disk.folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - LEFT))
  refusals.length = 0
  await fill()
  // The browser does not always say why it could not write.
  expect(new Set(['storage-full', 'storage-failed', ...refusals]).size).toBe(2)
  await expectTrue('on the full disk')
  rmSync(ballast)
  expect(await order(BIG)).toBe('kept')
  await service.comeBack()
  await drained()
  await expectTrue('when there is room again')
  const sent = service.visits.map(({ path }) => Number(path.split('/').at(-1)))
  expect(sent.toSorted((one, other) => one - other)).toEqual(accepted)
  console.log(`${accepted.length} kept and sent, ${last - accepted.length - 1} refused`)
})
