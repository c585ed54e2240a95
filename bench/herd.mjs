/**
 * A hundred thousand clients, and a million, whose server is back after two minutes: how long until they are all in,
 * and how often each has to knock (docs/spec/performance.md, P6). The kit's probe, which is never refused, is not
 * counted as a knock: there is one for each client.
 *
 * The kit is run: some thousands of real clients, before a server that is as much smaller. Of held requests a model plays
 * as many beside them, and then the large crowds; channels are told as they were run, and peers by their own traces.
 *
 *     npm run bench:herd
 *     npm run bench:herd -- --clients 10000
 */
import { parseArgs } from 'node:util'
import { play } from './recovery/play.mjs'
import { createVerdict } from './verdict.mjs'

const SEEDS = 100
const TRACE_MS = 300_000
const SIZES = [100_000, 1_000_000]
/** The model may differ from what is real by so much of it. */
const MOST_APART = 0.05

const { values } = parseArgs({ options: { clients: { type: 'string', default: '1000' } } })
const clients = Number(values.clients)
if (!Number.isInteger(clients) || clients < 200 || clients > 100_000)
  throw new Error(`--clients is ${values.clients}; allowed: a whole number from 200 to 100000`)

const count = (number) => number.toLocaleString('en')
const times = ({ ratio, attempts }) =>
  ratio === Infinity ? 'never' : `${ratio.toFixed(3)}× with ${attempts.toFixed(2)}`
const apart = (model, real) =>
  Math.max(...['ratio', 'attempts'].map((key) => Math.abs(model[key] / real[key] - 1)))

await play(async ({ own, peers, presets, CAPACITY, realClients, ...parts }) => {
  const verdict = createVerdict()
  const rows = []
  const show = (name, how, results) =>
    rows.push({
      '': name,
      how,
      ...Object.fromEntries(SIZES.map((size, at) => [count(size), times(results[at])])),
    })
  const judge = (name, results) => {
    for (const [at, result] of results.entries())
      verdict.tell(
        'P6',
        name,
        `${count(SIZES[at])}: ${times(result)} (at most 1.05× with 2.0)`,
        result.ratio <= 1.05 && result.attempts <= 2,
      )
  }
  const smaller = (size) => (clients * CAPACITY) / size
  const run = async (...client) => {
    const results = []
    for (const size of SIZES) results.push(await parts.playReal(clients, smaller(size), ...client))
    return results
  }
  const real = `${count(clients)} real ones`

  const held = 'holdfast, held requests'
  const found = await run(realClients.held)
  const herd = parts.kitHerd(presets.steady, presets.http)
  const models = SIZES.map((size) => parts.playHerd(clients, herd, smaller(size)))
  const large = SIZES.map((size) => parts.playHerd(size, herd))
  show(held, real, found)
  show(held, `model of ${count(clients)}`, models)
  show(held, 'model', large)
  for (const [at, size] of SIZES.entries()) {
    const by = apart(models[at], found[at])
    const what = `as of ${count(size)} the model is ${(by * 100).toFixed(1)} % from real ones (at most 5)`
    verdict.tell('P6', held, what, by <= MOST_APART)
  }
  judge(held, large)

  for (const manner of ['by 1013', 'by 503']) {
    const name = `holdfast, channels refused ${manner}`
    const results = await run(realClients.channel, manner)
    show(name, real, results)
    if (manner === 'by 1013') judge(name, results)
  }
  for (const contestant of [own.holdfast, ...peers]) {
    const traced = parts.tracedHerd(await parts.traceOutages(contestant, SEEDS, TRACE_MS))
    show(
      contestant.name,
      'model of its traces',
      SIZES.map((size) => parts.playHerd(size, traced)),
    )
  }
  console.log('Time until 99 % are in over the least, and attempts of each')
  console.table(rows)
  console.log(
    'Refused by 1013, as the reference server does: taken, and closed with the ticket as its reason; by 503, as others do: a page sees no ticket of a socket, and nothing is promised',
  )
  verdict.end()
})
