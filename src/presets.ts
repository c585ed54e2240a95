/**
 * The named schedules. The article names many numbers and they disagree; here each is a preset, and one is
 * the default (docs/spec/requirements.md, "Where the article disagrees with itself").
 */
import { exponential, fixed, sequence, type Schedule } from './core/schedule.js'

export { live, steady } from './core/schedule.js'

/** The default of a request, chapter 1 of the article: 1, 2, 4, 8, 16 s, with full jitter. */
export const http: Schedule = exponential({ baseMs: 1_000, capMs: 16_000, jitter: 'full' })

/** The article's reconnection (4.3): two silent tries, every 3 s until 10 s, then 5, 10, 20, 30 s; ± 20 %. */
export const article: Schedule = sequence([250, 500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000], {
  jitter: 0.2,
  restartStep: 2,
  flapStep: 2,
})

/** The article's formula (4.4) as printed: min(60 s, 1 s × 2^n + U(0, 1 s)). Its jitter is lost at the cap. */
export const additive: Schedule = exponential({ baseMs: 1_000, capMs: 60_000, addMs: 1_000 })

/** The article's client of a restarting server (2.4): 500 ms, doubling; it tries three times. */
export const restart: Schedule = exponential({ baseMs: 500 })

/** The article's WebSocket (3.3): every 3 s. */
export const fixed3s: Schedule = fixed(3_000)
