/**
 * How hard properties are tried: the test command asks the same of them each time, `npm run soak` many more times and
 * something else each time.
 */
import fc from 'fast-check'

fc.configureGlobal(import.meta.env.MODE === 'soak' ? { numRuns: 20_000 } : { seed: 20_261_128 })
