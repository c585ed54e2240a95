/** Numbers as the pages of the schedules say them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 12,000 */
export const count = (value: number): string => whole.format(value)

/** 3 s, 0.75 s, 2 min 5 s; "over an hour" for what is not reached. */
export function duration(ms: number): string {
  if (ms === Infinity) return 'over an hour'
  const seconds = ms / 1_000
  if (seconds >= 60) {
    const rest = Math.round(seconds) % 60
    return `${Math.floor(Math.round(seconds) / 60)} min${rest ? ` ${rest} s` : ''}`
  }
  return `${seconds >= 10 ? Math.round(seconds) : Number(seconds.toPrecision(2))} s`
}

/** 1.4 */
export const times = (value: number): string => (value === Infinity ? '∞' : value.toFixed(value < 10 ? 1 : 0))
