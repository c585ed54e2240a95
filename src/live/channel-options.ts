/** The options of `createChannel`: the manual of a channel. */
import type { Connection } from '../core/state.js'
import { live, type Schedule } from '../core/schedule.js'
import type { ChannelDurable } from './durable-port.js'
import type { Heartbeat } from './heartbeat.js'
import type { Driver } from './line.js'
import {
  checkOptions,
  givenOf,
  CONNECTION,
  FETCH,
  FUNCTION,
  HEARTBEAT,
  SCHEDULE,
  WINDOW,
  type Rules,
} from './rules.js'
import type { ChannelTabs } from './tabs-port.js'
import type { ChannelUrl } from './urls.js'

/** Options of `createChannel`. Impossible values and unknown keys are refused with `bad-option`. */
export interface ChannelOptions {
  /** The verdict that is waited for and given evidence to. Its clock, its chance and its tokens are used. */
  connection: Connection
  /**
   * Where to: `https://api.example/` means `wss://api.example/ws`, `/sse`, `/poll` and `/send` there; each can be named
   * apart. Of several servers a list, home first: whoever fails is left at once for the next, in the order of health.
   * While the verdict is down the servers are dialled that it is not about (those outside `origins` of the connection,
   * which by default is the probe's; where that names none or all of them, each in its turn), but not while the device
   * has no network; home is tried again beside the line in use. Tokens go nowhere else.
   */
  url: ChannelUrl | readonly ChannelUrl[]
  /** The transports, by preference. Default: `[webSocket(), eventStream(), longPoll()]`. */
  drivers?: readonly Driver[]
  /** When an open line is asked for a sign of life. Default: `adaptive()`; null: never. */
  heartbeat?: Heartbeat | null
  /**
   * Where it is heard that somebody uses the page (`pointerdown`, `keydown`), only while a line is open: in use it is
   * asked more often. Default: the global window, if there is one; null: only what is sent counts as use.
   */
  window?: EventTarget | null
  /**
   * Waits between own failed attempts, while the link is up or at a server that its verdict is not about. Default: the
   * preset `live` (1, 2, 4 … 30 s, ± 50 %).
   */
  schedule?: Schedule
  /** For an attempt to open, and once more for its greeting, in ms; 100 to 120,000. Default 10,000. */
  dialTimeoutMs?: number
  /**
   * On a second-best line the better ones are tried after so many ms, one by one, best first: by transport, then by
   * server. Doubles with each round in which none worked, up to 30 minutes. Default 60,000; Infinity: never.
   */
  betterAfterMs?: number
  /** The fetch that messages are posted with, beside streams and polls. Default: the global one. */
  fetch?: typeof globalThis.fetch
  /** The most messages that wait or are not acknowledged; 1 to 100,000. Default 100; more reject `channel-full`. */
  maxMessages?: number
  /** The most bytes of them; 1 to 1 GiB. Default 1 MiB (1,048,576). */
  maxBytes?: number
  /** The largest frame that the server takes, in bytes; 1 to 1 GiB. Default 65,536, as the reference server. */
  maxFrameBytes?: number
  /** The largest frame that is read, in characters; 1 to 1 GiB. Default 1 Mi (1,048,576); others are ignored. */
  maxFrameLength?: number
  /**
   * The most frames said on a socket in a second; 5 to 10,000. Default 100: the reference server closes for good on
   * whoever says more than 200.
   */
  framesPerS?: number
  /** The server no longer knows the session: sign in again. What belongs to the session is done in `onResync`. */
  onSessionLost?: () => void
  /** Makes the tabs of a browser share one line: `sharedTabs({ scope })`. Default: every tab has its own. */
  tabs?: ChannelTabs
  /**
   * Where messages with the policy `durable` are kept: `durableMessages().through(queue)`. Default: nowhere, and they are
   * refused.
   */
  durable?: ChannelDurable | undefined
}

/** The options, complete and checked. */
export type ChannelSettings = Required<Omit<ChannelOptions, OptionalKeys>> &
  Pick<ChannelOptions, OptionalKeys>

type OptionalKeys =
  | 'drivers'
  | 'heartbeat'
  | 'window'
  | 'dialTimeoutMs'
  | 'betterAfterMs'
  | 'fetch'
  | 'onSessionLost'
  | 'tabs'
  | 'durable'

const RULES: Rules<ChannelOptions> = {
  connection: CONNECTION,
  // By readUrls and createRoutes.
  ...{ url: null, drivers: null, betterAfterMs: null },
  heartbeat: HEARTBEAT,
  window: WINDOW,
  schedule: SCHEDULE,
  dialTimeoutMs: [100, 120_000],
  fetch: FETCH,
  maxMessages: [1, 100_000],
  maxBytes: [1, 2 ** 30],
  maxFrameBytes: [1, 2 ** 30],
  maxFrameLength: [1, 2 ** 30],
  framesPerS: [5, 10_000],
  onSessionLost: FUNCTION,
  tabs: ['share', 'sharedTabs()', undefined],
  durable: ['join', 'durableMessages().through(queue)', undefined],
}

const DEFAULTS = {
  schedule: live,
  maxMessages: 100,
  maxBytes: 2 ** 20,
  maxFrameBytes: 65_536,
  maxFrameLength: 2 ** 20,
  framesPerS: 100,
}

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function checkChannel(options: ChannelOptions): ChannelSettings {
  checkOptions('channel', options, RULES)
  return { ...DEFAULTS, ...givenOf(options) }
}
