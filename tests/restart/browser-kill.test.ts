/**
 * The browser process is killed (SIGKILL) at random moments while a page accepts and sends, and started again over
 * the same profile: 3 times, and 100 times in the soak.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { startApi } from '../support/api-process.js'
import { type BrowserProfile, openProfile } from './browser-profile.js'
import { serveDeskPage } from './desk-page.js'
import { ledger, until } from './desk-run.js'
import { keptActions } from './kept-actions.js'

const KILLS = import.meta.env.MODE === 'soak' ? 100 : 3
const SEED = 20_261_130
/** The longest that a page lives after its first accepted write, in ms. */
const LIFE_MS = 900
/** How long one life may take, in ms, on a busy machine. */
const KILL_WITHIN_MS = 30_000
/** Faster than the server applies them: at every moment some are accepted, some wait and one is sent. */
const WRITING = { perSecond: 100, count: 100_000 }
/** Each life counts from its own number: the order of all of them is the order of acceptance. */
const LIFE_SIZE = 100_000

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const twice = (numbers: readonly number[]) => numbers.filter((one, index) => numbers.indexOf(one) !== index)

test(
  `I01 I02 I03 I04 I05 ux-41 the browser is killed at ${KILLS} random moments while it accepts and sends: ledger and queue together hold every accepted action exactly once, in order`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
    stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    const site = await serveDeskPage()
    stops.push(site.stop)
    const settings = { db: join(folder, 'orders.db'), origins: site.origin, 'work-ms': 8 }
    const api = await startApi({ ...settings, port: 0 })
    stops.push(() => api.stop())
    const random = seededRandom(SEED)
    /** What a page has told of before it died: heard outside of the browser, as it was said. */
    const accepted: number[] = []
    const account = { kept: 0, applied: 0, atKills: [] as number[] }

    const durable = async () =>
      (await ledger(api.port)).filter(({ item }) => item === 'durable').map(({ seq }) => seq ?? NaN)

    const open = async (life: number) => {
      const profile = await openProfile(join(folder, 'profile'))
      stops.push(() => profile.context.close().catch(() => {}))
      return { ...profile, life }
    }

    /** The page begins to write; resolves with the first accepted write. */
    const begin = async ({ context, life }: BrowserProfile & { life: number }, perSecond: number) => {
      const page = await context.newPage()
      let isHeard = () => {}
      const first = new Promise<void>((resolve) => (isHeard = resolve))
      await page.exposeFunction('heard', (seq: number) => {
        accepted.push(seq)
        isHeard()
      })
      // The page notes each acceptance in the turn in which it becomes known; here it is said aloud as well.
      await page.addInitScript(() => {
        const { setItem } = Storage.prototype
        Storage.prototype.setItem = function (name, text) {
          setItem.call(this, name, text)
          if (name.endsWith(':accepted'))
            (window as never as { heard(n: number): void }).heard(Number(text.split(' ').at(-1)))
        }
      })
      const query = new URLSearchParams({
        api: api.origin,
        store: 'kill',
        run: `life-${life}`,
        first: String(life * LIFE_SIZE + 1),
      })
      await page.goto(`${site.origin}?${String(query)}`)
      if (perSecond > 0) {
        await page.evaluate((writing) => void window.desk.startWriting(writing), { ...WRITING, perSecond })
        await first
      } else {
        // It is in mid-drain when the first one has arrived.
        const { applied, kept } = account
        while (kept > 0 && (await durable()).length <= applied) await wait(20)
      }
      return page
    }

    const check = async (profile: BrowserProfile, when: string) => {
      // First the queue, then the ledger: what leaves the one is in the other already.
      const kept = await keptActions(profile.context, site.origin, 'kill')
      const applied = await durable()
      const there = new Set([...kept, ...applied])
      expect(twice(applied), `applied twice ${when}`).toEqual([])
      expect(twice(kept), `kept twice ${when}`).toEqual([])
      expect(
        accepted.filter((seq) => !there.has(seq)),
        `lost ${when}`,
      ).toEqual([])
      expect(applied, `out of order ${when}`).toEqual([...applied].sort((one, two) => one - two))
      account.applied = applied.length
      // What was applied and is still kept was being sent.
      account.kept = kept.filter((seq) => !applied.includes(seq)).length
      account.atKills.push(kept.length)
    }

    let profile = await open(0)
    for (let kill = 1; kill <= KILLS; kill++) {
      // By turns it accepts and sends, or only sends what has gathered.
      await begin(profile, kill % 2 ? WRITING.perSecond : 0)
      await wait(LIFE_MS * random.next())
      await profile.kill()
      profile = await open(kill)
      await check(profile, `after kill ${kill}`)
    }
    const page = await begin(profile, 0)
    const waiting = () => page.evaluate(() => window.desk.report())
    // A page that has not read its rows yet shows none.
    while ((await durable()).length < account.applied + account.kept) await wait(50)
    await until(waiting, ({ kept }) => kept === 0)
    await check(profile, 'at the end')
    expect(await durable()).toEqual(expect.arrayContaining(accepted))
    console.log(
      `${KILLS} kills: ${accepted.length} accepted and told, ${account.applied} applied; kept after each: ${account.atKills.join(' ')}`,
    )
  },
  KILLS * KILL_WITHIN_MS,
)
