import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { endsByItself } from '../../mocks/playback/buttons.js'
import { lengthOf } from '../../mocks/scenario.js'
import { scenarios, type ScenarioName } from '../../mocks/scenarios/index.js'
import type { Phase } from '../../src/status/view.js'
import { MANY_ON_A_PAGE } from '../matrix/many-on-a-page.js'
import { localeOf } from '../support/still.js'
import { cutIn } from './cut.js'
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
    // Once all is over, the network is well.
    const { [scenario]: played } = scenarios
    const isOver = played.steps.every(({ do: action, forMs }) => endsByItself(action) || forMs !== undefined)
    const captions = [...canvasElement.querySelectorAll('.strip-network')]
    const afterwards = frames.map(({ atMs }) => isOver && lengthOf(played) > 0 && atMs >= lengthOf(played))
    for (const one of captions.filter((_, at) => afterwards[at]))
      await expect(one).toHaveTextContent(/^Network: well( for new connections)?$/)
    await expect(cutIn(canvasElement)).toEqual([])
    // However it went, it ended, and people can work.
    const end = frames.at(-1)!
    await expect(end.view.surface).not.toBe('modal')
    // No order is lost or there twice, and what came over the wire was told once.
    await expect(end.server.orders).toBeLessThanOrEqual(3)
    await expect(end.server.orders + end.actions.length).toBeGreaterThanOrEqual(3)
    await expect([end.news.state, end.news.heard]).toEqual(['live', end.news.said])
  },
})

export const Blip: Story = { ...film('blip'), name: 'Blip of 0.7 s' }
export const Offline4s: Story = { ...film('offline-4s'), name: 'Offline for 4 s' }
export const Offline60s: Story = { ...film('offline-60s'), name: 'Offline for 60 s' }
export const ServerRestarts: Story = { ...film('server-restarts'), name: 'Server restarts' }
export const ServerKilled: Story = { ...film('server-killed'), name: 'Server is killed' }
export const RollingDeploy: Story = { ...film('rolling-deploy'), name: 'Rolling deploy' }
export const CrashLoop: Story = { ...film('crash-loop'), name: 'Crash loop' }
export const Timeouts: Story = { ...film('timeouts'), name: 'Timeouts' }
export const Slow: Story = { ...film('slow'), name: 'Slow' }
export const Slow3g: Story = { ...film('slow-3g'), name: 'Slow 3G' }
export const Flaky: Story = { ...film('flaky'), name: 'Flaky, 30 %' }
export const Tunnel: Story = { ...film('tunnel'), name: 'Tunnel' }
export const HalfOpen: Story = { ...film('half-open'), name: 'Half-open' }
export const LidClosed: Story = { ...film('lid-closed'), name: 'Lid closed for an hour' }
export const ReplyLost: Story = { ...film('reply-lost'), name: 'Reply lost after the commit' }
export const AnswersTwice: Story = { ...film('answers-twice'), name: 'Everything comes twice' }
export const TokenExpired: Story = {
  ...film('token-expired', ['disconnected', 'authRequired', 'recovered']),
  name: 'Token expires in an outage',
}
export const LyingOnline: Story = { ...film('lying-online'), name: 'The flag lies' }
export const WrongClock: Story = { ...film('wrong-clock'), name: 'Wrong clock' }
export const Maintenance: Story = { ...film('maintenance'), name: 'Maintenance of 25 s' }
export const Flapping: Story = { ...film('flapping'), name: 'Flapping six times' }
export const CaptivePortal: Story = { ...film('captive-portal'), name: 'Captive portal' }
export const Failing503: Story = { ...film('failing-503'), name: 'Failing with 503' }
