/** One JSON object a line: what happened, when, and its numbers. Written by pino. */
import { openSync } from 'node:fs'
import { type DestinationStream, destination, pino } from 'pino'

/** What a line says besides its time and level. `step` is the word to search for. */
export interface LogLine {
  readonly step: string
  readonly [field: string]: string | number | boolean | null | undefined
}

/** Takes a line. Default level: info. */
export type Log = (line: LogLine, level?: 'info' | 'warn' | 'error') => void

/** Writes lines to this stream. */
export function createLog(stream: DestinationStream): Log {
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  )
  return (line, level = 'info') => logger[level](line)
}

/** Of lines that cannot be written so many bytes wait for room on the disk; later ones are lost. */
const MOST_WAITING_BYTES = 1024 * 1024

/** Calls `onFailure` when a line cannot be written; the next line tries again. */
function openDestination(dest: number, onFailure: (error: Error) => void) {
  const stream = destination({ dest, sync: true, maxLength: MOST_WAITING_BYTES })
  stream.on('error', onFailure)
  return stream
}

/**
 * Writes to standard output, synchronously: nothing is lost at exit. Lines for which there is no room are, and
 * there is nobody whom it could be told.
 */
export const logToStdout: Log = createLog(openDestination(1, () => {}))

/** A log file that is open. */
export interface LogFile {
  readonly log: Log
  /** Closes the file; later lines are lost. Calling it twice does no harm. */
  close(): void
}

/**
 * Appends to a file, synchronously, and makes it if there is none. Throws if it cannot be opened. `onFailure` is
 * told once when lines cannot be written, of a full disk: nothing else fails for it.
 */
export function openLogFile(path: string, onFailure: (error: Error) => void): LogFile {
  let hasFailed = false
  const stream = openDestination(openSync(path, 'a'), (error) => {
    if (!hasFailed) onFailure(error)
    hasFailed = true
  })
  let state: 'open' | 'closed' = 'open'
  const write = createLog(stream)
  return {
    log(line, level) {
      if (state === 'open') write(line, level)
    },
    close() {
      if (state === 'closed') return
      state = 'closed'
      stream.end()
    },
  }
}
