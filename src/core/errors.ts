/** Few errors, one class, a closed list of codes, and one catalogue of texts. */

/** Every error that the kit makes carries one of these. */
export type HoldfastErrorCode = keyof typeof TEXTS

const TEXTS = {
  'bad-option': 'This option cannot be used',
  stopped: 'The connection was stopped; this was held and never sent',
  'signed-out': 'Its person has signed out; this was not sent, nor will be as somebody else',
  paused: 'Working offline by choice; this was not sent',
  'gave-up': 'Held for the longest time allowed; never sent',
  'hold-full': 'Too many requests are held; this one was not sent',
  'link-down': 'The service cannot be reached; this was not sent',
  'not-ours': 'The answer did not come from the service, or broke off',
  'maybe-committed': 'It is not known whether the server has done this',
  timeout: 'No answer in time',
  unauthorized: 'Sign-in is needed',
  'storage-full': 'No room on this device; nothing was accepted',
  'storage-failed': 'This device could not keep it; nothing was accepted',
  'queue-full': 'The queue has reached its bound; nothing was accepted',
  'bad-action': 'This action cannot be kept',
  'no-handler': 'No handler has this name',
  'not-changeable': 'Only an action that was never sent may be changed',
  discarded: 'The action was discarded',
  replaced: 'A later action took its place before it was sent',
  rejected: 'The server refused it',
  conflict: 'The server has something newer',
  'channel-full': 'Too much waits in the channel; this was not sent',
  expired: 'It waited for as long as it may; never sent',
} as const

/** An error of the kit: `code` is for programs, `message` for people who read logs. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError'
  readonly code: HoldfastErrorCode

  constructor(code: HoldfastErrorCode, detail?: string, options?: ErrorOptions) {
    super(`${TEXTS[code]}${detail ? `: ${detail}` : ''} [${code}]`, options)
    this.code = code
  }
}

/** Whether it is an error of the kit, of whichever copy of it; with a code: whether it is that one. */
export function isHoldfastError(error: unknown, code?: HoldfastErrorCode): error is HoldfastError {
  return (
    error instanceof Error &&
    error.name === 'HoldfastError' &&
    'code' in error &&
    (code === undefined || error.code === code)
  )
}

/** The refusal of an option: names it, what was given (`shown` in words) and what is allowed. No coercion, ever. */
export function badOption(
  option: string,
  given: unknown,
  allowed: string,
  shown = typeof given === 'string' ? JSON.stringify(given) : String(given),
): HoldfastError {
  return new HoldfastError('bad-option', `${option} is ${shown}; allowed: ${allowed}`)
}

/** A finite number in [min, max], or a `bad-option`. */
export function checkNumber(option: string, given: unknown, min: number, max: number): number {
  if (typeof given !== 'number' || !(given >= min && given <= max)) {
    throw badOption(option, given, `a number from ${min} to ${max}`)
  }
  return given
}

/** Refuses a key that is not in the list, so that a misspelt option is no silent default. */
export function checkKeys(where: string, given: object, allowed: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (!allowed.includes(key)) throw badOption(`${where}.${key}`, key, allowed.join(', '), 'not an option')
  }
}
