/** What a run has shown, check by check. */

/** One thing that must be so. */
export interface Check {
  readonly name: string
  readonly isRight: boolean
  /** What was measured. */
  readonly found: string
}

/** One run. */
export interface Report {
  readonly title: string
  readonly checks: readonly Check[]
}

/** A check, whatever the value is. */
export const check = (name: string, isRight: boolean, found: unknown): Check => ({
  name,
  isRight,
  found: typeof found === 'string' ? found : JSON.stringify(found),
})

/** Whether all is right. */
export const isRight = ({ checks }: Report): boolean => checks.every((each) => each.isRight)

/** As text, a line a check. */
export function textOf({ title, checks }: Report): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.map(
    ({ name, isRight, found }) => `  ${isRight ? 'right' : 'WRONG'}  ${name.padEnd(width)}  ${found}`,
  )
  return [title, ...lines].join('\n')
}
