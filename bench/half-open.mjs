/**
 * How soon a socket that only looks alive is noticed, and what looking costs (docs/spec/performance.md, P5).
 *
 *     npm run bench:half-open
 */
import { play } from './recovery/play.mjs'

await play(async ({ contestants, measureHalfOpen }) => {
  const rows = []
  for (const contestant of contestants) {
    const { noticeS, framesAnHour, product } = await measureHalfOpen(contestant, 40)
    const isFound = Number.isFinite(noticeS)
    rows.push({
      '': contestant.name,
      'noticed after, s': isFound ? noticeS.toFixed(1) : 'never',
      'messages an hour': framesAnHour,
      'P5 product': isFound ? Math.round(product) : 'never',
    })
  }
  console.table(rows)
  const [own] = rows
  console.log(`${own['P5 product'] <= 4_000 ? '✓' : '✗'} P5 holdfast, idle: at most 4,000`)
})
