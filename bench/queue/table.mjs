/** The table of `npm run bench:queue`. */
import { availableParallelism, loadavg } from 'node:os'

const NAMES = ['raw', 'holdfast', 'idb-keyval', 'workbox', 'axios-retry']
const WIDTHS = [52, 10, 10, 11, 9, 12, 16]

const ratio = (number) => `${number.toFixed(number < 10 ? 2 : 0)}×`
const ms = (number) => `${number.toFixed(1)} ms`
const line = (cells) => cells.map((cell, index) => String(cell).padEnd(WIDTHS[index] ?? 0)).join(' ')
const thousands = (count) => count.toLocaleString('en')

/** One line: what, each contestant, the target, and whether it is reached. */
function rowOf(what, by, target, isReached) {
  const cells = NAMES.map((name) => by[name] ?? '')
  return line([what, ...cells, target, isReached ? '✓ reached' : '✗ not reached'])
}

const map = (by, show) => Object.fromEntries(Object.entries(by).map(([name, one]) => [name, show(one)]))

/** P4: all of it, with the set-up of axios-retry that delivers most. */
function rowsOfOutages(delivered) {
  const share = ({ delivered: count, asked }) => `${Math.round((100 * count) / asked)} %`
  const { holdfast, ...others } = delivered
  const best = Object.values(others).reduce((one, other) => (other.delivered > one.delivered ? other : one))
  const by = { holdfast: share(holdfast), 'axios-retry': share(best) }
  const isReached = holdfast.delivered === holdfast.asked
  return [rowOf('P4  a GET asked as an outage of 2 to 60 s begins', by, '100 %', isReached)]
}

function rowsOfKeeping({ enqueue, replay, items, floor }) {
  const named = ({ [floor]: raw, ...by }) => ({ raw, ...by })
  const ratios = (by) => map(named(by), (one) => ratio(one.ratio))
  const counts = (by) => map(named(by), ({ transactions }) => transactions.toFixed(3))
  const [kept, sent] = [enqueue.holdfast, replay.holdfast]
  return [
    rowOf(`P9  ${thousands(items)} enqueued at once, speed`, ratios(enqueue), 'at least 2×', kept.ratio >= 2),
    rowOf('P9  transactions an item', counts(enqueue), 'at most 0.01', kept.transactions <= 0.01),
    rowOf(
      `P10 ${thousands(items)} sent in order, applied once, speed`,
      ratios(replay),
      'at least 5×',
      sent.ratio >= 5,
    ),
    line(['    transactions an item', ...NAMES.map((name) => counts(replay)[name] ?? '')]),
  ]
}

/** At most 20 ms with either count: that is what flat means. */
function rowsOfOpening({ opened, floor }) {
  return opened.flatMap(({ count, by: { [floor]: raw, ...others } }) => {
    const by = { raw, ...others }
    const { known, sent } = by.holdfast
    return [
      rowOf(
        `P11 reopened with ${thousands(count)}, first item known`,
        map(by, (one) => ms(one.known)),
        'at most 20 ms',
        known <= 20,
      ),
      rowOf('P11 and claimed, handed over to be sent', { holdfast: ms(sent) }, 'at most 20 ms', sent <= 20),
    ]
  })
}

/** Prints what was measured beside what is to be reached. */
export function printTable(measured) {
  const { delivered, enqueue, rounds, openings, floor } = measured
  console.log(`${line(['', ...NAMES, 'target'])}`)
  for (const row of [...rowsOfOutages(delivered), ...rowsOfKeeping(measured), ...rowsOfOpening(measured)]) {
    console.log(row)
  }
  const strict = enqueue['raw, strict']
  const busy = loadavg()[0]
  const cores = availableParallelism()
  console.log(
    [
      '',
      `Speed: raw IndexedDB of the same run and place is 1, one transaction an item; medians of ${rounds} rounds, ${openings} openings.`,
      `Raw, idb-keyval and workbox (in a service worker) are written with "${floor.split(', ')[1]}" durability, holdfast accepts strictly:`,
      `against raw strict transactions its enqueue is ${ratio(strict.ms / enqueue.holdfast.ms)}.`,
      `Load of this machine: ${busy.toFixed(1)} on ${cores} cores${busy > cores ? '; times in ms say little, compare them with raw' : ''}.`,
      '',
      ...Object.entries(delivered).map(
        ([name, { delivered: count, asked, meanDelayMs, attempts }]) =>
          `P4  ${name}: ${count} of ${asked} delivered, ${meanDelayMs === null ? '' : `${(meanDelayMs / 1000).toFixed(2)} s after the return, `}${attempts.toFixed(1)} requests met the outage`,
      ),
    ].join('\n'),
  )
}

/** Prints what one write costs while all is well. */
export function printCosts(costs, writes) {
  console.log(`\nOne write while online, from the call to the answer, median of ${writes}:`)
  for (const [name, { medianMs, transactions }] of Object.entries(costs)) {
    console.log(
      `  ${name.padEnd(26)} ${ms(medianMs).padStart(8)}, ${transactions.toFixed(1)} transactions of IndexedDB`,
    )
  }
}
