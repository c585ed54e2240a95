/** A scenario on the real thing: real time, a page in Chromium, a server process, the fault proxy between. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import type { Scenario } from '../../mocks/scenario.js'
import { createFaultProxy } from '../support/fault-proxy.js'
import { needsGateway } from '../support/proxy/is-real.js'
import { playScenario } from '../support/proxy/play.js'
import { openWorkload } from './page.js'
import { processesFor, type RealService, startService } from './service.js'

/** Options of a run. */
export interface RealOptions {
  readonly browser: Browser
  /** The built workload. */
  readonly code: string
  /** What the page is told to do; the scenario begins at `startAt` (epoch ms). */
  readonly orderFor: (startAt: number, spare: RealService | null) => object
  /** Settings of the server. */
  readonly settings: Readonly<Record<string, string | number>>
  /** When nothing more is expected, in ms from the scenario's start. */
  readonly untilMs: number
  /** Something that happens at the services meanwhile; returns its stop. */
  readonly meanwhile?: (service: RealService, startAt: number, spare: RealService | null) => () => void
  /** Beside the service a second one, which nothing happens to. Default: there is none. */
  readonly hasSpare?: boolean
}

/** A run whose server, proxy and page are ready. */
export interface PreparedRun<Report> {
  /** Plays it, beginning at `startAt` (epoch ms), and hands back what the page has seen. */
  play(startAt: number): Promise<Report>
  stop(): Promise<void>
}

/** Starts everything that costs the machine time, so that it does not while others are being measured. */
export async function prepare<Report>(
  scenario: Scenario,
  options: RealOptions,
): Promise<PreparedRun<Report>> {
  const { browser, code, orderFor, settings, untilMs, meanwhile, hasSpare = false } = options
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const service = await startService(processesFor(scenario), settings)
    stops.push(service.stop)
    const { seed = 1 } = scenario
    const proxy = await createFaultProxy({ target: service.target, gateway: needsGateway(scenario), seed })
    stops.push(proxy.stop)
    const origin = `http://127.0.0.1:${proxy.port}`
    const spare = hasSpare ? await startService([0], { ...settings, origins: origin }) : null
    if (spare) stops.push(spare.stop)
    // The page's document comes from the test, which to a browser is elsewhere: it may open sockets on loopback.
    const context = await browser.newContext({ permissions: ['local-network-access'] })
    stops.push(() => context.close())
    const page = await openWorkload(context, origin, code)
    const device = {
      async offline() {
        await context.setOffline(true)
        return () => context.setOffline(false)
      },
    }
    return {
      stop,
      async play(startAt) {
        const stopMeanwhile = meanwhile?.(service, startAt, spare)
        if (stopMeanwhile) stops.push(async () => stopMeanwhile())
        await page.evaluate(
          (order) => void (window.truth.report = window.truth.run(order)),
          orderFor(startAt, spare),
        )
        await wait(startAt - Date.now())
        const playing = await playScenario(scenario, { proxy, restart: service.restarts(proxy), device })
        stops.push(playing.stop)
        // What cannot be done ends the run; that all is done does not.
        const failed = playing.done.then(() => new Promise<never>(() => {}))
        await Promise.race([wait(startAt + untilMs - Date.now()), failed])
        return (await page.evaluate(() => window.truth.report!())) as Report
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

declare global {
  interface Window {
    /** What a page has: a test calls it, and then `report`. */
    truth: { run(order: object): () => unknown; report?: () => unknown }
  }
}
