/** Chromium's flags for tests; as root it has no sandbox. */
export declare const BROWSER_FLAGS: readonly string[]
/** A browser and where it came from. */
export interface FoundBrowser {
  readonly path: string
  readonly from: string
}
/** The first browser in the order of the script; null: there is none. */
export declare function findBrowser(env?: NodeJS.ProcessEnv): FoundBrowser | null
/** A browser that starts, installed if need be; throws with one line that says what to do. */
export declare function ensureBrowser(): FoundBrowser
