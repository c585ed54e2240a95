/** What a process says that cannot begin, so that whoever started it knows which setting to change. */
import { type Setting, nameOf } from './config.ts'
import { logToStdout as log } from './log.ts'
import { EXIT } from './shutdown.ts'

/** Says in one line why the process does not begin, and ends it. */
export function endUnstarted(reason: string): never {
  log({ step: 'not started', error: reason }, 'error')
  process.exit(EXIT.notStarted)
}

/** Opens what a setting names; if that fails the process ends, and tells the setting, what it says and why. */
export async function opened<T>(
  setting: Setting,
  value: string | number,
  open: () => T | Promise<T>,
): Promise<T> {
  try {
    return await open()
  } catch (error) {
    return endUnstarted(`${nameOf(setting)} is "${value}" and cannot be used: ${reasonOf(error)}`)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
