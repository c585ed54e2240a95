/** What others play than a channel for each transport. */
import { scenarios } from '../../../mocks/scenarios/index.js'
import type { Fault } from '../../../mocks/faults.js'
import type { Scenario, Step } from '../../../mocks/scenario.js'
import type { ChannelPart } from './channel-plan.js'
import { channelScenarios } from './channel-scenarios.js'

/** What is open is cut, and for so long nobody gets through. */
const blocked = (atMs: number, transport: 'ws' | 'sse', code: number, forMs: number): readonly Step[] => {
  const only = { transport }
  const refused: Fault = { type: 'status', code, from: 'gateway', only }
  return [
    { atMs, do: refused, forMs },
    { atMs, do: { type: 'reset', only }, forMs: 100 },
  ]
}

const socketsBlocked: Scenario = {
  name: 'Sockets are blocked',
  sentence:
    'Behind a hotspot sockets are blocked, later event streams, too, and at last neither is any more.',
  seed: 1,
  steps: [...blocked(1_000, 'ws', 403, 5_500), ...blocked(4_000, 'sse', 502, 2_500)],
}

const sessionLost: Scenario = {
  name: 'Session lost',
  sentence: 'The service comes back from its backup: it knows neither the session nor the events.',
  seed: 1,
  steps: [{ atMs: 1_000, do: { type: 'restart.lostSession', downMs: 1_500 } }],
}

/** In the order of the table. */
export const castParts: readonly ChannelPart[] = [
  { name: 'sockets-blocked', cast: 'fallback', scenario: socketsBlocked },
  { name: 'session-lost', cast: 'session', scenario: sessionLost },
  {
    name: 'leader-closed',
    cast: 'tabs',
    scenario: channelScenarios['cut-for-a-blip']!,
    closesMs: { first: 4_500 },
  },
  {
    name: 'leader-closed-in-outage',
    cast: 'tabs',
    scenario: scenarios['server-killed'],
    closesMs: { first: 2_000 },
  },
  { name: 'home-killed', cast: 'endpoints', scenario: scenarios['server-killed'] },
  { name: 'home-restarts', cast: 'endpoints', scenario: scenarios['server-restarts'] },
  { name: 'killed-by-dial', cast: 'dial', scenario: scenarios['server-killed'] },
  { name: 'restarts-by-dial', cast: 'dial', scenario: scenarios['server-restarts'] },
  { name: 'half-open-by-dial', cast: 'dial', scenario: scenarios['half-open'] },
  { name: 'killed-alone', cast: 'reconnecting', scenario: scenarios['server-killed'] },
  { name: 'restarts-alone', cast: 'reconnecting', scenario: scenarios['server-restarts'] },
  { name: 'half-open-alone', cast: 'reconnecting', scenario: scenarios['half-open'] },
]
