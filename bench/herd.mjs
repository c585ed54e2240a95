/**
 * A hundred thousand clients, and a million, whose server is back after two minutes: how long until they are all in,
 * and how often each has to knock (docs/spec/performance.md, P6). The kit's probe, which is never refused, is not
 * counted as a knock: there is one for each client.
 *
 *     npm run bench:herd
 */
import { play } from './recovery/play.mjs'

const SEEDS = 100
const TRACE_MS = 300_000
const SIZES = [100_000, 1_000_000]

await play(async ({ contestants, traceOutages, playHerd, kitHerd, tracedHerd, presets }) => {
  const rows = []
  for (const contestant of contestants) {
    const herd =
      contestant.name === 'holdfast'
        ? kitHerd(presets.steady, presets.http)
        : tracedHerd(await traceOutages(contestant, SEEDS, TRACE_MS))
    const row = { '': contestant.name }
    for (const size of SIZES) {
      const { ratio, attempts } = playHerd(size, herd)
      row[`${size.toLocaleString('en')}: time over the least`] =
        ratio === Infinity ? 'never' : ratio.toFixed(2)
      row[`${size.toLocaleString('en')}: attempts each`] = attempts.toFixed(1)
    }
    rows.push(row)
  }
  console.table(rows)
  console.log(
    'P6: at most 1.05 of the least time with at most 2.0 attempts; tests/bench/herd.test.ts checks it',
  )
})
