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
  readonly preStopMs: number
  readonly shutdownTimeoutMs: number
  /** What Retry-After says while draining, in seconds: how long a restart takes. */
  readonly retryAfterS: number
  readonly workMs: number
}

/** Each setting: its flag, its variable, its default. */
const SETTINGS = {
  port: ['PORT', '8787'],
  host: ['HOST', '127.0.0.1'],
  db: ['HOLDFAST_DB', 'holdfast.db'],
  origins: ['HOLDFAST_ORIGINS', ''],
  'pre-stop-ms': ['HOLDFAST_PRE_STOP_MS', '0'],
  'shutdown-timeout-ms': ['HOLDFAST_SHUTDOWN_TIMEOUT_MS', '30000'],
  'retry-after-s': ['HOLDFAST_RETRY_AFTER_S', '5'],
  'work-ms': ['HOLDFAST_WORK_MS', '0'],
} as const

type Setting = keyof typeof SETTINGS

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
  const number = (name: Setting, most: number): number => {
    const value = text(name)
    if (/^\d{1,9}$/.test(value) && Number(value) <= most) return Number(value)
    throw new Error(`${name} (${SETTINGS[name][0]}) is "${value}"; allowed: a whole number from 0 to ${most}`)
  }
  return {
    port: number('port', 65_535),
    host: text('host'),
    databaseFile: text('db'),
    origins: text('origins')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    preStopMs: number('pre-stop-ms', 600_000),
    shutdownTimeoutMs: number('shutdown-timeout-ms', 600_000),
    retryAfterS: number('retry-after-s', 3600),
    workMs: number('work-ms', 600_000),
  }
}
