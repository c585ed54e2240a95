/** A scenario on the real thing: real time, a page in Chromium, a server process, the fault proxy between. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import type { Scenario } from '../../mocks/scenario.js'
import { createFaultProxy } from '../support/fault-proxy.js'
import { needsGateway } from '../support/proxy/is-real.js'
import { playScenario } from '../support/proxy/play.js'
import { openWorkload } from './page.js'
import type { PageReport } from './page/main.js'
import { planOf, type Variant } from './plan.js'
import { processesFor, settingsFor, startService } from './service.js'

/** Options of a run. */
export interface RealOptions {
  readonly browser: Browser
  /** The built workload. */
  readonly code: string
  /** The one that the simulated run had. */
  readonly variant: Variant
  /** When nothing more is expected, in ms from the scenario's start. */
  readonly untilMs: number
}

/** A run whose server, proxy and page are ready. */
export interface PreparedRun {
  /** Plays it, beginning at `startAt` (epoch ms), and hands back what the page has seen. */
  play(startAt: number): Promise<PageReport>
  stop(): Promise<void>
}

/** Starts everything that costs the machine time, so that it does not while others are being measured. */
export async function prepare(scenario: Scenario, options: RealOptions): Promise<PreparedRun> {
  const { browser, code, variant, untilMs } = options
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const service = await startService(processesFor(scenario), settingsFor(scenario))
    stops.push(service.stop)
    const { seed = 1 } = scenario
    const proxy = await createFaultProxy({ target: service.target, gateway: needsGateway(scenario), seed })
    stops.push(proxy.stop)
    const context = await browser.newContext()
    stops.push(() => context.close())
    const page = await openWorkload(context, `http://127.0.0.1:${proxy.port}`, code)
    const device = {
      async offline() {
        await context.setOffline(true)
        return () => context.setOffline(false)
      },
    }
    return {
      stop,
      async play(startAt) {
        const run = { seed: variant.seed, plan: planOf(scenario, variant), startAt }
        await page.evaluate((order) => void (window.truth.report = window.truth.run(order)), run)
        await wait(startAt - Date.now())
        const playing = await playScenario(scenario, { proxy, restart: service.restarts(proxy), device })
        stops.push(playing.stop)
        // What cannot be done ends the run; that all is done does not.
        const failed = playing.done.then(() => new Promise<never>(() => {}))
        await Promise.race([wait(startAt + untilMs - Date.now()), failed])
        return page.evaluate(() => window.truth.report!())
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
