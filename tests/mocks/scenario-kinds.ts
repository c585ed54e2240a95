/** Everything that a step of a scenario can say, key by key, and what of it is allowed: said a second time. */

/** Whether a value may stand at a key. */
export type Allows = (value: unknown) => boolean

/** One kind of step: a good one with all its keys, and what each of them allows. */
export interface Kind {
  readonly action: { readonly type: string; readonly [key: string]: unknown }
  readonly keys: { readonly [path: string]: Allows }
  /** How long it may last. */
  readonly forMs: Allows
  /** A good `forMs`; undefined: none is allowed. */
  readonly lastsMs?: number
}

const HOUR_MS = 3_600_000
const TEN_YEARS_MS = 87_600 * HOUR_MS

const whole =
  (min: number, max: number): Allows =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
const real =
  (min: number, max: number): Allows =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max
const one =
  (...values: unknown[]): Allows =>
  (value) =>
    values.includes(value)
const text: Allows = (value) => typeof value === 'string' && value !== ''
const maybe =
  (allows: Allows): Allows =>
  (value) =>
    value === undefined || allows(value)
const none: Allows = (value) => value === undefined
const lasting = maybe(whole(1, 24 * HOUR_MS))
const day = whole(0, 24 * HOUR_MS)

const LIMITED = { host: 'a.example', path: '/a*', method: 'GET', transport: 'http', direction: 'up' }
const ONLY = {
  'only.host': maybe(text),
  'only.path': maybe(text),
  'only.method': maybe(text),
  'only.transport': maybe(one('http', 'sse', 'ws')),
  'only.direction': maybe(one('up', 'down')),
}
const isCode: Allows = (value) => whole(1000, 1015)(value) || whole(3000, 4999)(value)
const isReason: Allows = (value) => typeof value === 'string' && Buffer.byteLength(value) <= 123

const fault = (type: string, more: object = {}, keys: Kind['keys'] = {}): Kind => ({
  action: { type, ...more, only: LIMITED },
  keys: { ...keys, ...ONLY },
  forMs: lasting,
  lastsMs: 1000,
})
const inner = { type: 'latency', ms: 5 }
const innerKeys = { 'fault.ms': whole(0, HOUR_MS), 'fault.type': one('latency') }

const faults: readonly Kind[] = [
  fault('latency', { ms: 100, jitterMs: 50 }, { ms: whole(0, HOUR_MS), jitterMs: maybe(whole(0, HOUR_MS)) }),
  fault('bandwidth', { kBps: 1.5 }, { kBps: real(0.001, 1_000_000) }),
  fault('refuse'),
  fault('blackhole'),
  fault('lost'),
  fault('reset', { afterBytes: 5 }, { afterBytes: maybe(whole(0, Number.MAX_SAFE_INTEGER)) }),
  fault('truncate', { bytes: 5 }, { bytes: whole(0, Number.MAX_SAFE_INTEGER) }),
  fault(
    'close',
    { code: 1012, reason: 'soon', clean: true },
    { code: isCode, reason: maybe(isReason), clean: maybe(one(true, false)) },
  ),
  fault('drop'),
  fault('duplicate'),
  fault('reorder'),
  {
    ...fault('offline'),
    action: { type: 'offline' },
    keys: {},
  },
  { ...fault('lie'), action: { type: 'lie', onLine: true }, keys: { onLine: one(true, false) } },
  fault(
    'status',
    { code: 503, retryAfter: 5, retryAfterAs: 'date', body: { a: [1] }, from: 'gateway' },
    {
      code: whole(200, 599),
      retryAfter: (value) =>
        value === undefined || typeof value === 'string' || whole(0, Number.MAX_SAFE_INTEGER)(value),
      retryAfterAs: maybe(one('seconds', 'date')),
      from: maybe(one('service', 'gateway')),
    },
  ),
  fault('unauthorized', { why: 'unauthorized' }, { why: maybe(one('unauthorized', 'session_unknown')) }),
  fault('portal', { redirect: true }, { redirect: maybe(one(true, false)) }),
  fault('clockSkew', { ms: -5 }, { ms: whole(-TEN_YEARS_MS, TEN_YEARS_MS) }),
  fault('failTimes', { n: 2, fault: inner }, { n: whole(1, 1_000_000), ...innerKeys }),
  fault('flaky', { probability: 0.5, fault: inner }, { probability: real(0, 1), ...innerKeys }),
]

const restart = (type: string, more: object, keys: Kind['keys']): Kind => ({
  action: { type: `restart.${type}`, ...more },
  keys,
  forMs: none,
})
const restarts: readonly Kind[] = [
  restart(
    'graceful',
    { drainMs: 1, downMs: 2, warmMs: 3, retryAfter: 4, retryAfterAs: 'date' },
    {
      drainMs: day,
      downMs: day,
      warmMs: maybe(day),
      retryAfter: maybe(whole(0, Number.MAX_SAFE_INTEGER)),
      retryAfterAs: maybe(one('seconds', 'date')),
    },
  ),
  restart('kill', { downMs: 5 }, { downMs: day }),
  restart('crashLoop', { times: 2, upMs: 3, downMs: 4 }, { times: whole(1, 1000), upMs: day, downMs: day }),
  restart('lostSession', { downMs: 5 }, { downMs: day }),
  restart(
    'rolling',
    { instances: 3, drainMs: 1, downMs: 2 },
    { instances: whole(2, 1000), drainMs: day, downMs: day },
  ),
]

const device = (type: string, more: object, keys: Kind['keys'], forMs: Allows, lastsMs?: number): Kind => ({
  action: { type: `device.${type}`, ...more },
  keys,
  forMs,
  ...(lastsMs !== undefined && { lastsMs }),
})
const devices: readonly Kind[] = [
  device('hidden', {}, {}, lasting, 1000),
  device('frozen', {}, {}, lasting, 1000),
  device('asleep', { ms: 5000 }, { ms: maybe(whole(1000, TEN_YEARS_MS)) }, whole(1, 5000), 1000),
  device('clockJump', { ms: -5 }, { ms: whole(-TEN_YEARS_MS, TEN_YEARS_MS) }, none),
]

/** All of them. */
export const kinds: readonly Kind[] = [...faults, ...restarts, ...devices]
