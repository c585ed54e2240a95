/** Simulators that are wrong on purpose, to see that the table notices. */
import axios from 'axios'
import { createAxiosAdapter } from '../../mocks/axios-adapter.js'
import type { Departure } from '../../mocks/exchange.js'
import { createFetch } from '../../mocks/fetch.js'
import type { Fault, RequestFault } from '../../mocks/faults.js'
import { isDeviceAction } from '../../mocks/device/actions.js'
import { isRestart } from '../../mocks/restarts.js'
import type { Scenario } from '../../mocks/scenario.js'
import { sleep } from '../../src/core/clock.js'
import { around } from './around.js'
import { HOST, type Breakage } from './simulated.js'

/** A breakage, and the row in which it must be noticed. */
export interface NoticedBreakage extends Breakage {
  readonly on: string
}

/** Each is one line of the simulator away. */
export const breakages: readonly NoticedBreakage[] = [
  {
    name: 'a refusal takes 3 s',
    on: 'server-killed',
    ports: (network) =>
      around(network, async (go) => {
        try {
          return await go()
        } catch (error) {
          await sleep(network.clock, 3_000)
          throw error
        }
      }),
  },
  {
    name: 'after a black hole no kernel waits for its next try',
    on: 'short-hole',
    scenario: (scenario) => mapped(scenario, (fault) => (fault.type === 'blackhole' ? NOTHING : fault)),
    ports: (network, { startAt, scenario }) =>
      around(network, async (go, signal) => {
        const sinceMs = network.clock.now() - startAt
        const hole = scenario.steps.find(
          ({ atMs, do: { type }, forMs = 0 }) =>
            type === 'blackhole' && sinceMs >= atMs && sinceMs < atMs + forMs,
        )
        if (hole) await sleep(network.clock, hole.atMs + (hole.forMs ?? 0) - sinceMs, signal)
        return go()
      }),
  },
  {
    name: 'health forgets its Retry-After',
    on: 'maintenance',
    scenario: (scenario) =>
      mapped(scenario, (fault) => (fault.type === 'status' ? { ...fault, retryAfter: '' } : fault)),
  },
  {
    name: 'a reset comes before the write is done',
    on: 'reply-lost',
    scenario: (scenario) => mapped(scenario, (fault) => (fault.type === 'reset' ? REFUSED : fault)),
  },
  {
    name: 'a fault that comes so many times comes for ever',
    on: 'first-refused',
    scenario: (scenario) => mapped(scenario, (fault) => (fault.type === 'failTimes' ? fault.fault : fault)),
  },
  {
    name: 'what slows one way slows the other, too',
    on: 'slow-down',
    scenario: (scenario) =>
      mapped(scenario, (fault) => (fault.type === 'latency' ? { type: 'latency', ms: 2 * fault.ms } : fault)),
  },
  {
    name: 'a portal answers what it should send elsewhere',
    on: 'portal-redirects',
    scenario: (scenario) =>
      mapped(scenario, (fault) => (fault.type === 'portal' ? { type: 'portal' } : fault)),
  },
  {
    name: 'the browser does not send again what is cut on a kept connection',
    on: 'reply-lost-on-kept',
    ports({ clock, pace, send }) {
      // As if each body were a stream.
      const once = (departure: Departure) => send({ ...departure, isStream: true })
      const installer = { clock, pace, send: once, origin: `http://${HOST}` }
      return { fetch: createFetch(installer), adapter: createAxiosAdapter(installer, axios) }
    },
  },
]

const REFUSED: Fault = { type: 'refuse', only: { method: 'POST' } }
/** No trouble at all. */
const NOTHING: Fault = { type: 'latency', ms: 0 }

/** The scenario with each of its faults changed, those within others included. */
function mapped(scenario: Scenario, change: (fault: Fault) => Fault): Scenario {
  const deep = (fault: Fault): Fault =>
    change('fault' in fault ? { ...fault, fault: deep(fault.fault) as RequestFault } : fault)
  const steps = scenario.steps.map((step) =>
    isRestart(step.do) || isDeviceAction(step.do) ? step : { ...step, do: deep(step.do) },
  )
  return { ...scenario, steps }
}
