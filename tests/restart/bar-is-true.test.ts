/** The bar against the truth: the proxy knows when it cut, and the ledger when the first write came through again. */
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Phase } from '../../src/status/view.js'
import { stageWith } from '../support/stage.js'
import { serveDeskPage } from './desk-page.js'
import { runDesk } from './desk-run.js'

/** What says that the service is there. */
const WELL: readonly Phase[] = ['online', 'recovered', 'syncing', 'resyncing']
/** For this machine: a busy one tells a page late. */
const SLACK_MS = 500
/**
 * At ten writes a second a refusal is met within a tenth of one. Silence is a suspicion after 3 s; a bar that says
 * "Sending…" stays while that is only a suspicion, for the 1 s of its grace (ux.md 1.2).
 */
const CUTS = [
  { how: 'refuse', forMs: 4_000, noticedMs: 200 },
  { how: 'blackhole', forMs: 7_000, noticedMs: 4_000 },
] as const

const stage = stageWith(serveDeskPage)

test.concurrent.each(CUTS)(
  'I36 after a cut ($how) the bar says that all is well no longer than it takes to notice, and that it is not no longer than 1 s after the first good answer',
  async ({ how, forMs, noticedMs }) => {
    let cutAt = 0
    let backAt = 0
    const { report, durable, plain } = await runDesk({
      browser: stage.browser,
      origin: stage.site.origin,
      seed: how === 'refuse' ? 101 : 102,
      proxied: true,
      async disturb({ proxy }) {
        cutAt = Date.now()
        if (how === 'refuse') await proxy.mode('reset')
        await proxy.mode(how)
        await wait(forMs)
        await proxy.mode('pass')
        backAt = Date.now()
      },
    })
    const { told } = report
    const isWell = (phase: Phase) => WELL.includes(phase)
    const first = told.find(({ phase, at }) => at >= cutAt && !isWell(phase))
    expect(first!.at - cutAt, 'noticed').toBeLessThan(noticedMs + SLACK_MS)
    const goodAt = Math.min(
      ...[...durable, ...plain].map(({ appliedAt }) => appliedAt).filter((at) => at >= backAt),
    )
    const again = told.find(({ phase, at }) => at >= backAt && isWell(phase))
    expect(again!.at - goodAt, 'told').toBeLessThan(1_000 + SLACK_MS)
    const late = told.filter(({ phase, at }) => at > again!.at && !isWell(phase))
    expect(late, 'no word of an outage after that').toEqual([])
    console.log(
      `${how}: noticed after ${first!.at - cutAt} ms, well again ${again!.at - goodAt} ms after the first answer`,
    )
  },
)
