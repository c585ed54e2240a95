/** Whether a file is a recording: it may come from anywhere. */
import { badOption, checkKeys } from '../../src/core/errors.js'
import type { Recording } from '../../src/recorder/recording.js'
import { checkRules, oneOf, optional, plainObject, text, whole, type Check, type Rules } from '../checks.js'

const DAY_MS = 24 * 3_600_000
const FAR_AHEAD = Number.MAX_SAFE_INTEGER

/** From the start; what began before the recording lies before it. */
const since = whole(-DAY_MS, DAY_MS)

const orNull =
  (check: Check): Check =>
  (option, given) => {
    if (given !== null) check(option, given)
  }

const RULES: Readonly<Record<string, Rules>> = {
  link: {
    event: text,
    link: oneOf('idle', 'connecting', 'online', 'suspect', 'waiting', 'trying', 'stopped'),
    cause: oneOf('device', 'server', 'timeout', 'planned', 'portal', null),
    auth: oneOf('unknown', 'valid', 'refreshing', 'required'),
    seen: optional(oneOf('device', 'server', 'timeout', 'planned', 'portal')),
    hintMs: optional(whole(0, FAR_AHEAD)),
    startedMs: optional(since),
    probe: optional(oneOf(true)),
    newBoot: optional(oneOf(true)),
  },
  request: {
    id: whole(1, FAR_AHEAD),
    method: text,
    route: orNull(text),
    decision: text,
    why: text,
    attempt: whole(0, FAR_AHEAD),
    delayMs: optional(whole(0, FAR_AHEAD)),
    status: optional(whole(0, 999)),
  },
  silence: { sinceMs: orNull(since) },
}

/** The recording that was given, or a `bad-option` naming what is wrong with it. */
export function checkRecording(given: unknown): Recording {
  const recording = plainObject('recording', given)
  checkKeys('recording', recording, ['kind', 'version', 'startedAt', 'lengthMs', 'lines', 'dropped'])
  oneOf('holdfast-recording')('recording.kind', recording['kind'])
  oneOf(1)('recording.version', recording['version'])
  whole(0, 8.64e15)('recording.startedAt', recording['startedAt'])
  whole(0, FAR_AHEAD)('recording.dropped', recording['dropped'])
  const { lengthMs, lines } = recording
  if (typeof lengthMs === 'number' && lengthMs > DAY_MS) {
    throw badOption('recording.lengthMs', lengthMs, 'at most a day: recorder.recording(since) gives a part')
  }
  whole(0, DAY_MS)('recording.lengthMs', lengthMs)
  if (!Array.isArray(lines)) throw badOption('recording.lines', lines, 'a list of lines')
  let lastMs = 0
  lines.forEach((given: unknown, at) => {
    const where = `recording.lines[${at}]`
    const line = plainObject(where, given)
    oneOf(...Object.keys(RULES))(`${where}.what`, line['what'])
    whole(lastMs, DAY_MS)(`${where}.atMs`, line['atMs'])
    lastMs = line['atMs'] as number
    checkRules(where, line, RULES[line['what'] as string] ?? {}, 'what', 'atMs')
  })
  return given as Recording
}
