/** What a person can do to the network by hand, now: one button for each fault, each restart and each action of the device. */
import { checkRules, oneOf, text } from '../checks.js'
import type { Fault } from '../faults.js'
import { checkAction, type StepAction } from '../scenario.js'

/** Which part of the world an action strikes: the lane of a timeline that it is drawn in. */
export type Part = 'device' | 'network' | 'server'

const PARTS: readonly Part[] = ['device', 'network', 'server']

/** One button. */
export interface Button {
  readonly part: Part
  /** Short, in words. */
  readonly label: string
  /** What it does, in one sentence. */
  readonly title: string
  readonly do: StepAction
}

/** Refuses what is no button, by name. */
export function checkButton(given: unknown, where: string): void {
  checkRules(where, given, {
    ...{ part: oneOf(...PARTS), label: text, title: text },
    do: (_, action) => checkAction(action, `${where}.do`),
  })
}

const button = (part: Part, label: string, title: string, action: StepAction): Button => ({
  ...{ part, label, title },
  do: action,
})

/** The buttons by name, for links; those of one part side by side. */
export const buttons: Readonly<Record<string, Button>> = {
  offline: button('device', 'Offline', 'The device has no network', { type: 'offline' }),
  'says-offline': button('device', 'Says offline', 'The browser says offline; the network is as it is', {
    ...{ type: 'lie', onLine: false },
  }),
  'says-online': button('device', 'Says online', 'The browser says online, whatever is true', {
    ...{ type: 'lie', onLine: true },
  }),
  hidden: button('device', 'Hidden', 'The page is in the background', { type: 'device.hidden' }),
  frozen: button('device', 'Frozen', 'The browser has frozen the page', { type: 'device.frozen' }),
  asleep: button('device', 'Asleep', 'The lid is closed', { type: 'device.asleep' }),
  'clock-jump': button('device', 'Clock +1 h', 'Somebody sets the device’s clock an hour on', {
    ...{ type: 'device.clockJump', ms: 3_600_000 },
  }),
  latency: button('network', 'Latency', 'Each round trip takes 800 ms more, give or take 400', {
    ...{ type: 'latency', ms: 800, jitterMs: 400 },
  }),
  bandwidth: button('network', 'Bandwidth', '20 thousand bytes a second', { type: 'bandwidth', kBps: 20 }),
  refuse: button('network', 'Refuse', 'Nobody listens', { type: 'refuse' }),
  blackhole: button('network', 'Black hole', 'Packets vanish, and are sent again', { type: 'blackhole' }),
  lost: button('network', 'Lost', 'The path forgets the connections that there are', { type: 'lost' }),
  reset: button('network', 'Reset', 'Connections are cut after the commit', { type: 'reset' }),
  truncate: button('network', 'Truncate', 'Bodies end after 100 bytes', { type: 'truncate', bytes: 100 }),
  flaky: button('network', 'Flaky 30 %', 'Three requests in ten are cut', {
    ...{ type: 'flaky', probability: 0.3, fault: { type: 'reset' } },
  }),
  'fail-times': button('network', 'Fail 3 times', 'The next three requests are refused', {
    ...{ type: 'failTimes', n: 3, fault: { type: 'refuse' } },
  }),
  portal: button('network', 'Portal', 'A captive portal answers with a page of its own', { type: 'portal' }),
  drop: button('network', 'Drop', 'Messages of sockets and streams are never sent', { type: 'drop' }),
  duplicate: button('network', 'Duplicate', 'Messages of sockets and streams come twice', {
    ...{ type: 'duplicate' },
  }),
  reorder: button('network', 'Reorder', 'Messages come after the one that follows them', { type: 'reorder' }),
  'status-500': button('server', '500', 'The server answers 500', { type: 'status', code: 500 }),
  'status-503': button('server', '503', 'The server answers 503, Retry-After: 5', {
    ...{ type: 'status', code: 503, retryAfter: 5 },
  }),
  'status-429': button('server', '429', 'The server answers 429, Retry-After: 10', {
    ...{ type: 'status', code: 429, retryAfter: 10 },
  }),
  unauthorized: button('server', '401', 'The token has expired', { type: 'unauthorized' }),
  close: button('server', 'Close 1012', 'Sockets are closed, streams end', { type: 'close', code: 1012 }),
  'clock-skew': button('server', 'Clock −2 h', 'The server’s clock is two hours behind', {
    ...{ type: 'clockSkew', ms: -7_200_000 },
  }),
  restart: button('server', 'Restart', 'Drains for 3 s, is gone for 5 s, and is slow for 2 s', {
    ...{ type: 'restart.graceful', drainMs: 3000, downMs: 5000, warmMs: 2000 },
  }),
  kill: button('server', 'Kill', 'Everything is cut; nobody listens for 5 s', {
    ...{ type: 'restart.kill', downMs: 5000 },
  }),
  'crash-loop': button('server', 'Crash loop', 'Dies three times, up for 2 s and down for 3 s', {
    ...{ type: 'restart.crashLoop', times: 3, upMs: 2000, downMs: 3000 },
  }),
  'session-lost': button('server', 'Session lost', 'Killed, and back after 3 s without its sessions', {
    ...{ type: 'restart.lostSession', downMs: 3000 },
  }),
  rolling: button('server', 'Rolling', 'Three instances, one after the other: 2 s drain, 2 s away', {
    ...{ type: 'restart.rolling', instances: 3, drainMs: 2000, downMs: 2000 },
  }),
}

const PART_OF_FAULT: { readonly [T in Fault['type']]?: Part } = {
  offline: 'device',
  lie: 'device',
  status: 'server',
  unauthorized: 'server',
  close: 'server',
  clockSkew: 'server',
}

/** Which part an action strikes; one that wraps another strikes where that does. */
export function partOf(action: StepAction): Part {
  if (action.type === 'flaky' || action.type === 'failTimes') return partOf(action.fault)
  if (action.type.startsWith('device.')) return 'device'
  if (action.type.startsWith('restart.')) return 'server'
  return PART_OF_FAULT[action.type as Fault['type']] ?? 'network'
}

/** Whether an action is over by itself: doing it once more does it once more, and there is nothing to end. */
export const endsByItself = ({ type }: StepAction): boolean =>
  type.startsWith('restart.') || type === 'lost' || type === 'device.clockJump'
