/** What a story tells, in tests of what the panel makes of it. */
import type { LogEntry } from '../../../mocks/log.js'
import type { Told } from '../../../mocks/storybook/messages.js'

/** When the worlds of these tests begin. */
export const START_AT = 1_767_258_000_000

/** How long a playback in real time may take (ms): it has what others leave of the machine, and a good one takes no time. */
export const standsWithin = { timeout: 60_000 }

/** A message in which nothing has happened yet. */
export const told = (more: Partial<Told> = {}): Told => ({
  ...{
    story: 'a--b',
    isHeard: true,
    world: 1,
    startAt: START_AT,
    nowMs: 0,
    state: { name: 'paused' },
    speed: 1,
  },
  script: { seed: 1, commands: [] },
  scenarios: {},
  from: { log: 0, marks: 0 },
  ...{ log: [], marks: [], underWay: [] },
  ...more,
})

/** A line of the log at a time (ms), that began `ms` before. */
export const line = (id: number, atMs: number, more: Partial<LogEntry> = {}): LogEntry => ({
  ...{ at: START_AT + atMs, id, who: 'fetch', transport: 'http', method: 'GET' },
  ...{ url: 'https://api.example/list?page=2', fault: null, end: 'answered', status: 200 },
  ...{ bytes: 2, reached: true, ms: 40 },
  ...more,
})
