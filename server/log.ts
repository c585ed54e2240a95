/** One JSON object a line: what happened, when, and its numbers. */

/** What a line says besides its time. `step` is the word to search for. */
export interface LogLine {
  readonly step: string
  readonly [field: string]: string | number | boolean | null | undefined
}

/** Takes a line. */
export type Log = (line: LogLine) => void

/** Writes to standard output, which is synchronous for files and pipes: nothing is lost at exit. */
export const logToStdout: Log = (line) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
}
