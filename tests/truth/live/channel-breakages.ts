/** Simulators that are wrong on purpose, one for each cast of the test command, to see that the table of channels notices. */
import { closeEvent } from '../../../mocks/socket/events.js'
import type { Scenario, Step } from '../../../mocks/scenario.js'
import { sleep } from '../../../src/core/clock.js'
import type { TabsPort } from '../../../src/live/index.js'
import type { ChannelBreakage } from './channel-simulated.js'
import { HOST } from '../simulated.js'
import { SPARE } from './second-server.js'
import { tabsInOne } from './tabs-in-one.js'

/** A breakage, and where it must be noticed. */
export interface NoticedChannelBreakage extends ChannelBreakage {
  /** The name of the row. */
  readonly on: string
  readonly player: string
}

/** Each is one line of the simulator away. */
export const channelBreakages: readonly NoticedChannelBreakage[] = [
  {
    name: 'a server that goes says on sockets nothing of its return',
    ...{ on: 'server-restarts', player: 'ws' },
    world: ({ WebSocket }) => ({
      WebSocket: class extends WebSocket {
        override dispatchEvent(event: Event): boolean {
          if (event instanceof MessageEvent && String(event.data).includes('"DRAIN"')) return true
          if (!(event instanceof CloseEvent) || event.code !== 1012) return super.dispatchEvent(event)
          return super.dispatchEvent(closeEvent({ code: 1006, reason: '', wasClean: false }))
        }
      },
    }),
  },
  {
    name: 'a stream is asked for without its cursor',
    ...{ on: 'half-open', player: 'sse' },
    world: (ways) => ({
      fetch: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.delete('Last-Event-ID')
        return ways.fetch(input, { ...init, headers })
      },
    }),
  },
  {
    name: 'a poll is answered 400 ms late',
    ...{ on: 'cut-for-a-blip', player: 'poll' },
    world: (ways) => ({
      async fetch(input, init) {
        const answer = await ways.fetch(input, init)
        if (String(input).includes('/poll')) await sleep(ways.clock, 400)
        return answer
      },
    }),
  },
  {
    name: 'a handshake that a gateway refuses succeeds',
    ...{ on: 'sockets-blocked', player: 'any' },
    scenario: (scenario) => withSteps(scenario, ({ do: action }) => action.type !== 'status'),
  },
  {
    name: 'a service that has lost the session knows it',
    ...{ on: 'session-lost', player: 'ws' },
    scenario: (scenario) => replaced(scenario, 'restart.lostSession', 'restart.kill'),
  },
  {
    name: 'the lock of a tab that has gone is free a second later',
    ...{ on: 'leader-closed', player: 'second' },
    world: ({ clock }) => {
      const tabs = tabsInOne(clock)
      const lead: TabsPort['lead'] = (name, onChange) => {
        const { seize, stop } = tabs.lead(name, onChange)
        return { seize, stop: () => void clock.setTimeout(stop, 1_000) }
      }
      return { tabs: { ...tabs, lead } }
    },
  },
  {
    name: 'the second server falls with the first',
    ...{ on: 'home-killed', player: 'two' },
    world: ({ WebSocket }) => ({
      WebSocket: class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(String(url).replace(SPARE, HOST), protocols)
        }
      },
    }),
  },
  {
    name: 'what a router has forgotten is reset',
    ...{ on: 'half-open-alone', player: 'socket' },
    scenario: (scenario) => replaced(scenario, 'lost', 'reset'),
  },
]

function withSteps(scenario: Scenario, isKept: (step: Step) => boolean): Scenario {
  return { ...scenario, steps: scenario.steps.filter(isKept) }
}

/** Another fault or restart, with the same options. */
function replaced(scenario: Scenario, from: string, to: string): Scenario {
  const steps = scenario.steps.map((step) =>
    step.do.type === from ? { ...step, do: { ...step.do, type: to } as Step['do'] } : step,
  )
  return { ...scenario, steps }
}
