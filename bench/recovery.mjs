/**
 * How soon an application is back, and at what cost to the server: the kit and six others, unmodified, side by side in
 * one run on one virtual clock (docs/spec/performance.md, P1, P2, P3).
 *
 *     npm run bench:recovery
 */
import { play } from './recovery/play.mjs'

const number = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : 'never')

await play(async ({ contestants, measureOutages, measureHoles, measureOnline }) => {
  const rows = []
  const measured = []
  for (const contestant of contestants) {
    const outages = await measureOutages(contestant, 100)
    const holes = await measureHoles(contestant, 20)
    const online = await measureOnline(contestant, 40)
    measured.push({ outages, holes, online })
    rows.push({
      '': contestant.name,
      'P1 of the bound': number(outages.ratio),
      'attempts in 1 h': outages.anHour,
      'P2 after a hole, s': number(holes.delayS),
      'its attempts': number(holes.attempts, 1),
      'P3 after `online`, s': number(online.delayS),
      'attempts then': number(online.attempts, 1),
    })
  }
  console.table(rows)
  const [{ outages, holes, online }] = measured
  const tell = (id, what, isReached) => console.log(`${isReached ? '✓' : '✗'} ${id} holdfast: ${what}`)
  tell(
    'P1',
    'at most 1.6 of the bound, and 300 attempts an hour',
    outages.ratio <= 1.6 && outages.anHour <= 300,
  )
  tell('P2', 'at most 0.8 s with at most 5 attempts', holes.delayS <= 0.8 && holes.attempts <= 5)
  tell(
    'P3',
    'two round trips and the handshake, at most 2 attempts',
    online.delayS <= 0.2 && online.attempts <= 2,
  )
})
