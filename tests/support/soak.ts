/** `npm run soak` tries every property many more times than the test command does. */
import fc from 'fast-check'

if (import.meta.env.MODE === 'soak') fc.configureGlobal({ numRuns: 20_000 })
