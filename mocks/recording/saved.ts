/** What was saved as a file: its text, or what is in it. */
import { badOption } from '../../src/core/errors.js'

/**
 * What is in it.
 *
 * @param option its name in errors: `har`, `recording`
 * @throws `bad-option` if it is a text that is no JSON
 */
export function savedJson(option: string, given: unknown): unknown {
  if (typeof given !== 'string') return given
  try {
    return JSON.parse(given) as unknown
  } catch {
    throw badOption(option, given.slice(0, 40), 'JSON, as it was saved')
  }
}
