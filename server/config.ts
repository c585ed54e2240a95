/** Settings, from the environment and the command line; the command line wins. */
import { parseArgs } from 'node:util'

/** What the process runs with. */
export interface Config {
  /** 0: any free one; the log says which. */
  readonly port: number
  readonly host: string
  /** Path of the SQLite file. */
  readonly databaseFile: string
  /** Origins of pages that may call. */
  readonly origins: readonly string[]
  /** How long connections are still taken after health has turned 503, in ms. Default 5,000. */
  readonly preStopMs: number
  /** After so long, in ms, a shutdown is forced. Default 30,000. */
  readonly shutdownTimeoutMs: number
  /** What Retry-After says while draining, in seconds: how long a restart takes. */
  readonly retryAfterS: number
  /** How many clients a second can come back: what a place in the row adds to the time that each is told. Default 200. */
  readonly returnCapacity: number
  readonly workMs: number
  /** How long a request may take whose caller does not say, in ms. Default 3,000. */
  readonly deadlineMs: number
  /** Requests a second that are let in; more wait. Default 5,000. */
  readonly requestsPerSecond: number
  /** How many requests may wait; more are refused. Default 5,000. */
  readonly mostWaiting: number
  /** Load of the last minute per core beyond which requests are refused; 0: never. Default 3.0. */
  readonly mostLoadPerCore: number
  /** Lag of the event loop (99th percentile, in ms) beyond which requests are refused; 0: never. Default 200. */
  readonly mostLagMs: number
  /** Base URL of the service behind this one, which `/quote` asks; null: none, and no `/quote`. */
  readonly downstream: string | null
  /** Where one line a request goes: a file, `-` for the log itself, null: nowhere, the default. */
  readonly accessLog: string | null
  /** Whether `/slow` is there. Default: off. */
  readonly testRoutes: boolean
  /** Events kept for those who resume. Default 10,000. */
  readonly ring: number
  /** How often clients of sockets should PING, in ms. Default 25,000. */
  readonly heartbeatMs: number
  /** Whether who asks shows a token. Default `off`. */
  readonly auth: 'off' | 'required'
  /** How long an access token is good for, in seconds. Default 300. */
  readonly tokenLifeS: number
}

/** Each setting: its flag, its variable, its default. */
const SETTINGS = {
  port: ['PORT', '8787'],
  host: ['HOST', '127.0.0.1'],
  db: ['HOLDFAST_DB', 'holdfast.db'],
  origins: ['HOLDFAST_ORIGINS', ''],
  'pre-stop-ms': ['HOLDFAST_PRE_STOP_MS', '5000'],
  'shutdown-timeout-ms': ['HOLDFAST_SHUTDOWN_TIMEOUT_MS', '30000'],
  'retry-after-s': ['HOLDFAST_RETRY_AFTER_S', '5'],
  'return-capacity': ['HOLDFAST_RETURN_CAPACITY', '200'],
  'work-ms': ['HOLDFAST_WORK_MS', '0'],
  'deadline-ms': ['HOLDFAST_DEADLINE_MS', '3000'],
  'requests-per-second': ['HOLDFAST_REQUESTS_PER_SECOND', '5000'],
  'most-waiting': ['HOLDFAST_MOST_WAITING', '5000'],
  'most-load-per-core': ['HOLDFAST_MOST_LOAD_PER_CORE', '3.0'],
  'most-lag-ms': ['HOLDFAST_MOST_LAG_MS', '200'],
  downstream: ['HOLDFAST_DOWNSTREAM', ''],
  'access-log': ['HOLDFAST_ACCESS_LOG', ''],
  'test-routes': ['HOLDFAST_TEST_ROUTES', 'off'],
  ring: ['HOLDFAST_RING', '10000'],
  'heartbeat-ms': ['HOLDFAST_HEARTBEAT_MS', '25000'],
  auth: ['HOLDFAST_AUTH', 'off'],
  'token-life-s': ['HOLDFAST_TOKEN_LIFE_S', '300'],
} as const

/** A name of a setting. */
export type Setting = keyof typeof SETTINGS

/** A setting as it is told: its flag, and its variable. */
export const nameOf = (setting: Setting): string => `${setting} (${SETTINGS[setting][0]})`

/** As a browser sends it: nothing behind the port, and no port that is its scheme's own. Others' schemes have no such form. */
function isOrigin(text: string): boolean {
  if (text === '*') return true
  if (/^https?:/.test(text)) return URL.parse(text)?.origin === text
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/.test(text)
}

/** Reads the settings; throws with the name of the one that cannot be used, or of an unknown flag. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const names = Object.keys(SETTINGS) as Setting[]
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  })
  const text = (name: Setting): string => {
    const [variable, fallback] = SETTINGS[name]
    const given = values[name]
    return typeof given === 'string' ? given : (env[variable] ?? fallback)
  }
  const refuse = (name: Setting, allowed: string): never => {
    throw new Error(`${nameOf(name)} is "${text(name)}"; allowed: ${allowed}`)
  }
  const number = (name: Setting, most: number, least = 0): number => {
    const value = /^\d{1,9}$/.test(text(name)) ? Number(text(name)) : NaN
    return value >= least && value <= most ? value : refuse(name, `a whole number from ${least} to ${most}`)
  }
  const decimal = (name: Setting, most: number): number => {
    const value = /^\d{1,6}(\.\d{1,6})?$/.test(text(name)) ? Number(text(name)) : NaN
    return value <= most ? value : refuse(name, `a number from 0 to ${most}`)
  }
  const url = (name: Setting): string | null => {
    if (text(name) === '') return null
    return URL.parse(text(name))?.protocol === 'http:'
      ? text(name)
      : refuse(name, 'a URL that begins with http://')
  }
  const oneOf = <Word extends string>(name: Setting, words: readonly Word[]): Word =>
    words.find((word) => word === text(name)) ?? refuse(name, words.map((word) => `"${word}"`).join(' or '))
  const origins = (): string[] => {
    const given = text('origins').split(',')
    const each = given.map((origin) => origin.trim()).filter(Boolean)
    return each.every(isOrigin)
      ? each
      : refuse('origins', '"*", or origins with commas between them: "https://page.example", without a path')
  }
  const isOn = (name: Setting): boolean => oneOf(name, ['on', 'off']) === 'on'
  return {
    port: number('port', 65_535),
    host: text('host'),
    databaseFile: text('db'),
    origins: origins(),
    preStopMs: number('pre-stop-ms', 600_000),
    shutdownTimeoutMs: number('shutdown-timeout-ms', 600_000),
    retryAfterS: number('retry-after-s', 3600),
    returnCapacity: number('return-capacity', 1_000_000, 1),
    workMs: number('work-ms', 600_000),
    deadlineMs: number('deadline-ms', 60_000, 1),
    requestsPerSecond: number('requests-per-second', 1_000_000, 1),
    mostWaiting: number('most-waiting', 1_000_000),
    mostLoadPerCore: decimal('most-load-per-core', 1_000),
    mostLagMs: number('most-lag-ms', 60_000),
    downstream: url('downstream'),
    accessLog: text('access-log') || null,
    testRoutes: isOn('test-routes'),
    ring: number('ring', 1_000_000, 1),
    heartbeatMs: number('heartbeat-ms', 600_000, 100),
    auth: oneOf('auth', ['off', 'required']),
    tokenLifeS: number('token-life-s', 86_400, 1),
  }
}
