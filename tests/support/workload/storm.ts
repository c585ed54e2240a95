/** A bit of everything: each fault, each restart and everything of the device within two minutes. */
import type { StepAction, Scenario, Step } from '../../../mocks/scenario.js'

/** When all is well again; whoever asks goes on for a while. */
export const STORM_MS = 126_000

const step = (atMs: number, action: StepAction, forMs?: number): Step => ({
  atMs,
  do: action,
  ...(forMs !== undefined && { forMs }),
})

/** Each fault strikes requests, streams and sockets, wherever the vocabulary says that it does. */
export const storm: Scenario = {
  name: 'Storm',
  sentence: 'A bit of everything: each fault, each restart and everything of the device within two minutes.',
  steps: [
    step(0, { type: 'latency', ms: 120, jitterMs: 110 }),
    step(4000, { type: 'flaky', probability: 0.3, fault: { type: 'refuse' } }, 6000),
    step(11_000, { type: 'flaky', probability: 0.3, fault: { type: 'drop' } }, 4000),
    step(15_000, { type: 'flaky', probability: 0.4, fault: { type: 'duplicate' } }, 4000),
    step(19_000, { type: 'flaky', probability: 0.4, fault: { type: 'reorder' } }, 4000),
    step(23_500, { type: 'reset', afterBytes: 50 }, 2000),
    step(27_000, { type: 'blackhole' }, 5000),
    step(34_000, { type: 'lost' }),
    step(36_000, { type: 'offline' }, 4000),
    step(42_000, { type: 'failTimes', n: 9, fault: { type: 'status', code: 500 } }, 4000),
    step(47_000, { type: 'reset' }, 1500),
    step(50_000, { type: 'close', code: 1012, reason: 'soon' }, 500),
    step(52_000, { type: 'close', code: 4000, clean: false }, 500),
    step(54_000, { type: 'restart.graceful', drainMs: 2000, downMs: 3000, warmMs: 2000 }),
    step(63_000, { type: 'portal' }, 2500),
    step(66_000, { type: 'bandwidth', kBps: 0.5 }, 3000),
    step(70_000, { type: 'restart.kill', downMs: 4000 }),
    step(76_000, { type: 'truncate', bytes: 20 }, 2500),
    step(79_500, { type: 'status', code: 503, retryAfter: 2, from: 'gateway' }, 2500),
    step(83_000, { type: 'unauthorized' }, 4000),
    step(88_000, { type: 'clockSkew', ms: 3_600_000 }, 3000),
    step(91_500, { type: 'lie', onLine: false }, 2000),
    step(94_000, { type: 'restart.crashLoop', times: 2, upMs: 1500, downMs: 1000 }),
    step(100_000, { type: 'restart.lostSession', downMs: 1500 }),
    step(104_000, { type: 'restart.rolling', instances: 3, drainMs: 1000, downMs: 1500 }),
    step(113_000, { type: 'device.hidden' }, 1500),
    step(115_000, { type: 'device.frozen' }, 2500),
    step(118_500, { type: 'device.asleep', ms: 600_000 }, 2500),
    step(122_500, { type: 'device.clockJump', ms: 5000 }),
    step(123_500, { type: 'portal', redirect: true, only: { direction: 'down' } }, 1500),
  ],
}
