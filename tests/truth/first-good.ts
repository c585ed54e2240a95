/** Finds the variant of a row that can be compared. */

/**
 * The row of the first variant that is good. A judge hands back the row, or why it will not do.
 *
 * @param known the place of one that was good: it is judged first, like any other. That it is another one now is told.
 * @throws naming what is wrong with the last one, if there is none
 */
export async function firstGood<Variant, Row extends object>(
  name: string,
  tried: readonly Variant[],
  judge: (variant: Variant) => Promise<Row | string>,
  known?: number,
): Promise<Row> {
  const order = [...tried.keys()]
  if (known !== undefined && known < tried.length) order.unshift(known)
  let why = 'there are none'
  for (const place of order) {
    const judged = await judge(tried[place]!)
    if (typeof judged === 'string') {
      why = judged
      continue
    }
    if (known !== undefined && place !== known) {
      console.log(`${name}: of its variants ${place} is good, and not ${known} (tests/truth/known-good.ts)`)
    }
    return judged
  }
  throw new Error(`${name}: none of ${tried.length} variants will do; of the last one: ${why}`)
}
