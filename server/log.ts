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

/** Writes to standard output, synchronously: nothing is lost at exit. */
export const logToStdout: Log = createLog(destination({ dest: 1, sync: true }))

/** A log file that is open. */
export interface LogFile {
  readonly log: Log
  /** Closes the file; later lines are lost. Calling it twice does no harm. */
  close(): void
}

/** Appends to a file, synchronously, and makes it if there is none. Throws if it cannot be opened. */
export function openLogFile(path: string): LogFile {
  const stream = destination({ dest: openSync(path, 'a'), sync: true })
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
