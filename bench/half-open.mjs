/**
 * How soon a socket that only looks alive is noticed, and what looking costs (docs/spec/performance.md, P5).
 *
 *     npm run bench:half-open
 */
import { play } from './recovery/play.mjs'
import { createVerdict } from './verdict.mjs'

const number = (value) => (Number.isFinite(value) ? value.toFixed(1) : 'never')

await play(async ({ own, peers, measureHalfOpen }) => {
  const { channel, holdfast, holdfastBeating } = own
  const all = []
  for (const contestant of [channel, holdfastBeating, holdfast, ...peers])
    all.push({ ...contestant, ...(await measureHalfOpen(contestant, 40)) })

  console.table(
    all.map(({ name, options, noticeS, usedS, framesAnHour }) => ({
      '': name,
      options,
      'noticed when idle after, s': number(noticeS),
      'messages an idle hour': framesAnHour,
      'P5 product': Number.isFinite(noticeS) ? Math.round(noticeS * framesAnHour) : 'never',
      'noticed in use after, s': number(usedS),
    })),
  )
  const verdict = createVerdict()
  for (const { name, noticeS, framesAnHour, mostUsedS } of all.slice(0, 2)) {
    const product = noticeS * framesAnHour
    verdict.tell('P5', name, `idle ${Math.round(product)} (at most 4,000)`, product <= 4_000)
    verdict.tell(
      'P5',
      name,
      `in use noticed after ${number(mostUsedS)} s at most (5 s and a pong of 2.5)`,
      mostUsedS <= 7.5,
    )
  }
  console.log(
    'ReconnectingWebSocket as it is asks for no sign of life: a server of somebody else does not know PING',
  )
  verdict.end()
})
