import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { scenarios, type ScenarioName } from '../../mocks/scenarios/index.js'
import type { Phase } from '../../src/status/view.js'
import { MANY_ON_A_PAGE } from '../matrix/many-on-a-page.js'
import { localeOf } from '../support/still.js'
import { shoot, type Frame } from './shoot.js'
import { strip } from './strip.js'

/**
 * What people see of each scenario: the order desk, played on the virtual clock with the default schedule and
 * looked at whenever something else is told; where the kit has little to tell, whenever something else is on the page.
 * Three orders are placed, 2.5, 4.5 and 8.5 s after the beginning, the list of orders is asked for every 3 s, and a
 * socket brings what the oven says every 2 s. Below each frame: what it is told, what happens on the network, and what
 * the server has done by then.
 */
const meta = {
  title: 'What people see/Film strips',
  tags: ['!autodocs'],
  parameters: { a11y: MANY_ON_A_PAGE },
} satisfies Meta

export default meta
type Story = StoryObj

/** `telling`: phases that it is about, in their order. */
const film = (scenario: ScenarioName, telling: readonly Phase[] = []): Story => ({
  name: scenarios[scenario].name,
  loaders: [async () => ({ frames: await shoot(scenario) })],
  render: (_args, { globals, loaded }) => ({
    render: () => strip(scenarios[scenario], loaded['frames'] as readonly Frame[], localeOf(globals)),
  }),
  async play({ canvasElement, loaded }) {
    const frames = loaded['frames'] as readonly Frame[]
    const seen = [...canvasElement.querySelectorAll<HTMLElement>('[data-cell]')].map(
      (frame) => frame.querySelector<HTMLElement>('.hf-bar')?.dataset['phase'] ?? null,
    )
    await expect(seen).toEqual(frames.map(({ view }) => (view.surface === 'none' ? null : view.phase)))
    const told = frames.map(({ view }) => view.phase)
    await expect(told.filter((phase) => telling.includes(phase))).toEqual(telling)
    await expect(frames.length).toBeGreaterThan(1)
    const cuts = [...canvasElement.querySelectorAll('.strip-cut span')].map((cut) => cut.textContent)
    const leftOut = frames.flatMap((frame) =>
      frame.leftOut > 0 ? [`${frame.leftOut} more such moments`] : [],
    )
    await expect(cuts).toEqual(leftOut)
    // However it went, it ended, and people can work.
    const end = frames.at(-1)!
    await expect(end.view.surface).not.toBe('modal')
    // No order is lost or there twice, and what came over the wire was told once.
    await expect(end.server.orders).toBeLessThanOrEqual(3)
    await expect(end.server.orders + end.actions.length).toBeGreaterThanOrEqual(3)
    await expect([end.news.state, end.news.heard]).toEqual(['live', end.news.said])
  },
})

export const Blip = film('blip')
export const Offline4s = film('offline-4s')
export const Offline60s = film('offline-60s')
export const ServerRestarts = film('server-restarts')
export const ServerKilled = film('server-killed')
export const RollingDeploy = film('rolling-deploy')
export const CrashLoop = film('crash-loop')
export const Timeouts = film('timeouts')
export const Slow = film('slow')
export const Slow3g = film('slow-3g')
export const Flaky = film('flaky')
export const Tunnel = film('tunnel')
export const HalfOpen = film('half-open')
export const LidClosed = film('lid-closed')
export const ReplyLost = film('reply-lost')
export const AnswersTwice = film('answers-twice')
export const TokenExpired = film('token-expired', ['disconnected', 'authRequired', 'recovered'])
export const LyingOnline = film('lying-online')
export const WrongClock = film('wrong-clock')
export const Maintenance = film('maintenance')
export const Flapping = film('flapping')
export const CaptivePortal = film('captive-portal')
export const Failing503 = film('failing-503')
