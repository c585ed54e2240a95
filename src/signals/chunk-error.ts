/** Whether an error says that a part of the application could not be loaded, and which. Pure. */

/** What failed to load. */
export interface FailedChunk {
  /** Its address, where the browser names it; null: it does not (Safari). */
  readonly url: string | null
}

/**
 * In the order of who says so: Chromium, Firefox, Safari, Vite (a stylesheet that belongs to a chunk), webpack. What a
 * module throws when it runs is none of these: that is its own mistake, and would be the same again.
 */
const SAYINGS = [
  /^Failed to fetch dynamically imported module: (\S+)/,
  /^error loading dynamically imported module: (\S+)/,
  /^Importing a module script failed/,
  /^Unable to preload CSS for (\S+)/,
  /^Loading (?:CSS )?chunk [^ ]+ failed/,
]

/** The chunk that this error is about; null: it is about something else. */
export function failedChunk(error: unknown, base: string | undefined): FailedChunk | null {
  if (!(error instanceof Error)) return null
  for (const saying of SAYINGS) {
    const said = saying.exec(error.message)
    if (said) return { url: absolute(said[1] ?? ('request' in error ? error.request : null), base) }
  }
  return null
}

function absolute(url: unknown, base: string | undefined): string | null {
  return typeof url === 'string' && URL.canParse(url, base) ? new URL(url, base).href : null
}
