/**
 * How good a schedule is, against the best there can be. An outage lasts L, log-uniform from 0.5 to 60 s; attempts
 * are made at some rate r(t). Then E[delay] ≈ ∫ f(t) / 2r(t) dt and E[attempts] = ∫ r(t) P(L > t) dt, and no r makes
 * their product less than ½ (∫ √(f(t) P(L > t)) dt)²: Cauchy and Schwarz.
 */
const FROM_S = 0.5
const TO_S = 60
const SPAN = Math.log(TO_S / FROM_S)
const STEPS = 100_000

function leastProduct(): number {
  let sum = 0
  // By the logarithm of t: the integrand is smooth there.
  for (let step = 0; step < STEPS; step++) {
    const x = ((step + 0.5) / STEPS) * SPAN
    const t = FROM_S * Math.exp(x)
    sum += (Math.sqrt((SPAN - x) / t) / SPAN) * t * (SPAN / STEPS)
  }
  return sum ** 2 / 2
}

/** Quantiles of an outage, in ms. */
const LENGTHS_MS = Array.from({ length: 400 }, (_, n) => 1_000 * FROM_S * Math.exp(((n + 0.5) / 400) * SPAN))

/** What a contestant's attempts would have given, of whose age in an endless outage each trace tells (ms). */
export function judge(traces: readonly (readonly number[])[]) {
  let delay = 0
  let attempts = 0
  for (const trace of traces) {
    for (const length of LENGTHS_MS) {
      const index = trace.findIndex((at) => at >= length)
      // It has given up.
      if (index < 0) return { delayS: Infinity, attempts: NaN, ratio: Infinity }
      delay += trace[index]! - length
      attempts += index + 1
    }
  }
  const rounds = traces.length * LENGTHS_MS.length
  const delayS = delay / rounds / 1_000
  return { delayS, attempts: attempts / rounds, ratio: (delayS * attempts) / rounds / leastProduct() }
}
