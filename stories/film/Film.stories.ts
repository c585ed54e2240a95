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
 * looked at whenever something else is told. Three orders are placed, 2.5, 4.5 and 8.5 s after the beginning, and
 * the list of orders is asked for every 3 s.
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
    // However it went, it ended, and people can work.
    await expect(frames.at(-1)!.view.surface).not.toBe('modal')
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
