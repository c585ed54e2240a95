/** Clients that lose the link in the same instant must not come back as one. */
import { expect, it } from 'vitest'
import { CLIENTS, loseTogether } from './losing-together.js'

const ROUNDS = 50

it(`ux-12: of ${CLIENTS} clients that lose the link together, no 100 ms hold more than 35 attempts from the fifth on`, () => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => loseTogether(round))
  expect(Math.min(...rounds.map(({ fewest }) => fewest))).toBeGreaterThan(20)
  const worst = Math.max(...rounds.map(({ most }) => most))
  expect(worst).toBeLessThanOrEqual(35)
  // All at once they would be a hundred: the bound is no accident of few attempts.
  expect(worst).toBeGreaterThan(5)
})
