/**
 * How soon an application is back, and at what cost to the server: the kit and six others, unmodified, side by side in
 * one run on one virtual clock (docs/spec/performance.md, P1, P2, P3).
 *
 *     npm run bench:recovery
 */
import { play } from './recovery/play.mjs'
import { createVerdict } from './verdict.mjs'

/** In s: a server of channels says HELLO as soon as it is reached. */
const HELLO_S = 0.025
const TWO_TRIPS_S = 0.1
/** Figures are sums of floats. */
const close = 1e-9

const number = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : 'never')

await play(async ({ own, peers, measureOutages, measureHoles, measureOnline }) => {
  const measure = async (contestant) => ({
    name: contestant.name,
    outages: await measureOutages(contestant, 100),
    hole: await measureHoles(contestant, 20, 'hole'),
    abyss: await measureHoles(contestant, 20, 'abyss'),
    online: await measureOnline(contestant, 40),
  })
  const kit = [own.channel, own.holdfast]
  const all = []
  for (const contestant of [...kit, own.channelBeside, ...peers]) all.push(await measure(contestant))

  console.table([...kit, own.channelBeside, ...peers].map(({ name, options }) => ({ '': name, options })))
  console.table(
    all.map(({ name, outages, hole, abyss, online }) => ({
      '': name,
      'P1 of the bound': number(outages.ratio),
      'attempts in 1 h': outages.anHour,
      'P2 after a hole, s': number(hole.delayS),
      'its attempts': number(hole.attempts, 1),
      'after one that never answers, s': number(abyss.delayS),
      'P3 after `online`, s': number(online.delayS, 3),
      'attempts while offline': number(online.meanwhile, 1),
      'and after': number(online.attempts - online.meanwhile, 1),
    })),
  )

  const verdict = createVerdict()
  for (const [index, { name, outages, hole, abyss, online }] of all.slice(0, kit.length).entries()) {
    verdict.tell(
      'P1',
      name,
      `${number(outages.ratio)} of the bound (at most 1.6), ${outages.anHour} attempts in an hour (at most 300), the last ${number(3_600 - outages.lastS, 0)} s before its end`,
      outages.ratio <= 1.6 && outages.anHour <= 300 && outages.lastS > 3_600 - 20,
    )
    verdict.tell(
      'P2',
      name,
      `${number(hole.delayS)} s (at most 0.8) and ${number(hole.attempts, 1)} attempts (at most 5)`,
      hole.delayS <= 0.8 && hole.attempts <= 5,
    )
    verdict.tell(
      'P2',
      name,
      `${number(abyss.delayS)} s where nothing ever answers (at most 3)`,
      abyss.delayS <= 3,
    )
    const most = TWO_TRIPS_S + (index === 0 ? HELLO_S : 0)
    verdict.tell(
      'P3',
      name,
      `${number(online.delayS, 3)} s: two round trips and the own handshake (at most ${number(most, 3)}); ${number(online.meanwhile, 1)} attempts while offline (at most 2)`,
      online.delayS <= most + close && online.meanwhile <= 2,
    )
  }
  console.log(
    'A channel beside a health check asks two things where one would do: each of them counts, and it has no targets',
  )
  verdict.end()
})
