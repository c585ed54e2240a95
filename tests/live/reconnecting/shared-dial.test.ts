import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../../mocks/manual-clock.js'
import { broken } from '../../../src/live/ends.js'
import type { Driver, Line, LineEnd, LineNews, LinePorts, LineRequest } from '../../../src/live/line.js'
import { shareDial } from '../../../src/live/shared-dial.js'

const ASKED: LineRequest = {
  url: new URL('wss://api.example/live'),
  protocols: [],
  token: null,
  topics: [],
  cursor: null,
}

interface Dialled {
  readonly ports: LinePorts
  state: 'dialling' | 'open' | 'over'
}

/** A shared dial over a driver that does what the test says. */
function createDesk({ canProve = false, ask = () => Promise.resolve(ASKED) } = {}) {
  const clock = manualClock()
  const dials: Dialled[] = []
  const failed: LineEnd[] = []
  let proofs = 0
  const inner: Driver = {
    transport: 'websocket',
    open(_, ports) {
      const dialled: Dialled = { ports, state: 'dialling' }
      dials.push(dialled)
      return {
        transport: 'websocket',
        bufferedAmount: 0,
        send: () => dialled.state === 'open',
        drop: () => void (dialled.state = 'over'),
      }
    },
  }
  const dial = shareDial(inner, {
    clock: () => clock,
    ask,
    onFailed: (end) => failed.push(end),
    prove: canProve ? () => void proofs++ : null,
  })
  const tell = (news: LineNews, dialled = dials.at(-1)!): void => {
    if (dialled.state === 'over') return
    if (news.type === 'open') dialled.state = 'open'
    if (news.type === 'end') dialled.state = 'over'
    dialled.ports.tell(news)
  }
  const probe = (controller = new AbortController()) => {
    let answer = 'none yet'
    void dial.probe(controller.signal, { clock }).then(({ kind }) => (answer = kind))
    return { controller, answer: () => answer }
  }
  const take = (): { line: Line; news: LineNews[] } => {
    const news: LineNews[] = []
    let isWithin = true
    const line = dial.driver.open(ASKED, {
      clock,
      tell(one) {
        if (isWithin) throw new Error('told within the call')
        news.push(one)
      },
    })
    isWithin = false
    return { line, news }
  }
  const alive = () => dials.filter(({ state }) => state !== 'over').length
  return { clock, dial, dials, failed, tell, probe, take, alive, proofs: () => proofs }
}

const END: LineNews = { type: 'end', end: broken('') }

test('I35 a line that only a probe has opened holds no more than a thousand messages', async () => {
  const { dials, probe, tell, clock } = createDesk()
  const { answer } = probe()
  await clock.settle()
  tell({ type: 'open' })
  await clock.settle()
  expect(answer()).toBe('good')
  for (let count = 0; count < 2_000; count += 1) tell({ type: 'message', data: 'x' })
  expect(dials[0]!.state).toBe('over')
  expect(clock.pending()).toBe(0)
})

test('a probe dials; what it has opened is handed over with all that came meanwhile, in order', async () => {
  const { clock, tell, probe, take, dials } = createDesk()
  const { answer } = probe()
  await clock.settle()
  tell({ type: 'open' })
  tell({ type: 'message', data: 1 })
  await clock.settle()
  expect(answer()).toBe('good')
  const { news } = take()
  tell({ type: 'message', data: 2 })
  await clock.settle()
  expect(news.map((one) => ('data' in one ? one.data : one.type))).toEqual(['open', 1, 2])
  expect([dials.length, clock.pending()]).toEqual([1, 0])
})

test('whoever asks second joins the dial of the first, either way round', async () => {
  const { clock, tell, probe, take, dials, dial } = createDesk()
  const first = probe()
  const { news } = take()
  await clock.settle()
  tell({ type: 'open' })
  await clock.settle()
  expect([first.answer(), news[0]?.type, dials.length]).toEqual(['good', 'open', 1])
  dial.close()
  take()
  const second = probe()
  await clock.settle()
  tell(END)
  await clock.settle()
  expect([second.answer(), dials.length]).toEqual(['failed', 2])
})

test('a dial that only a probe has waited for tells its failure; one that was taken tells its taker', async () => {
  const { clock, tell, probe, take, failed } = createDesk()
  probe()
  await clock.settle()
  tell(END)
  expect(failed).toHaveLength(1)
  const { news } = take()
  await clock.settle()
  tell(END)
  expect([failed.length, news.length]).toEqual([1, 1])
})

test('a probe that is given up gives up its dial, but not one that was taken', async () => {
  const { clock, probe, take, alive, failed } = createDesk()
  const first = probe()
  await clock.settle()
  first.controller.abort()
  await clock.settle()
  expect([first.answer(), alive(), failed[0]?.reason]).toEqual([
    'failed',
    0,
    expect.stringMatching(/no answer/),
  ])
  const second = probe()
  take()
  await clock.settle()
  second.controller.abort()
  await clock.settle()
  expect([second.answer(), alive(), failed.length]).toEqual(['failed', 1, 1])
})

test('a line that nobody takes is dropped after 5 s', async () => {
  const { clock, tell, probe, alive } = createDesk()
  probe()
  await clock.settle()
  tell({ type: 'open' })
  await clock.advance(4999)
  expect(alive()).toBe(1)
  await clock.advance(1)
  expect(alive()).toBe(0)
})

test('an open line is believed where nothing can prove it; else it is asked, and its news are the answer', async () => {
  const plain = createDesk()
  plain.take()
  await plain.clock.settle()
  plain.tell({ type: 'open' })
  const believed = plain.probe()
  await plain.clock.settle()
  expect(believed.answer()).toBe('good')

  const { clock, tell, take, probe, dial, proofs } = createDesk({ canProve: true })
  take()
  await clock.settle()
  tell({ type: 'open' })
  const { answer } = probe()
  await clock.settle()
  expect([proofs(), answer()]).toEqual([1, 'none yet'])
  dial.alive()
  await clock.settle()
  expect(answer()).toBe('good')
})

test('a keeper that drops the line it was asked about answers with its next dial', async () => {
  const { clock, tell, take, probe, dials } = createDesk({ canProve: true })
  const { line } = take()
  await clock.settle()
  tell({ type: 'open' })
  const { answer } = probe()
  line.drop()
  take()
  await clock.settle()
  expect([answer(), dials.length]).toEqual(['none yet', 2])
  tell({ type: 'open' })
  await clock.settle()
  expect(answer()).toBe('good')
})

test('a URL that cannot be had, or used, is a failed dial that tells no address', async () => {
  const lost = createDesk({ ask: () => Promise.reject(new TypeError('https://secret')) })
  const first = lost.probe()
  await lost.clock.settle()
  expect([first.answer(), lost.failed[0]?.verdict, lost.failed[0]?.reason]).toEqual([
    'failed',
    'again',
    'The URL could not be had: TypeError',
  ])
  const bad = createDesk({ ask: () => Promise.reject(new DOMException('x', 'SyntaxError')) })
  bad.probe()
  await bad.clock.settle()
  expect(bad.failed[0]?.verdict).toBe('fatal')
})

const STEPS = ['probe', 'abort', 'take', 'drop', 'open', 'message', 'end', 'close', 'wait'] as const

test('R15: whatever comes in whatever order: at most one dial at a time, every probe is answered, nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...STEPS), { maxLength: 25 }),
      fc.boolean(),
      async (steps, canProve) => {
        const desk = createDesk({ canProve })
        const probes: ReturnType<typeof desk.probe>[] = []
        let taken: ReturnType<typeof desk.take> | null = null
        const run: Record<(typeof STEPS)[number], () => unknown> = {
          probe: () => probes.push(desk.probe()),
          abort: () => probes.at(-1)?.controller.abort(),
          // A keeper has one line: it drops the one it has before it opens another.
          take: () => (taken?.line.drop(), (taken = desk.take())),
          drop: () => taken?.line.drop(),
          open: () => desk.dials.at(-1)?.state === 'dialling' && desk.tell({ type: 'open' }),
          message: () => desk.dials.at(-1)?.state === 'open' && desk.tell({ type: 'message', data: 1 }),
          end: () => desk.dials.length > 0 && desk.tell(END),
          close: () => desk.dial.close(),
          wait: () => desk.clock.advance(3000),
        }
        for (const step of steps) {
          await run[step]()
          await desk.clock.settle()
          expect(desk.alive()).toBeLessThanOrEqual(1)
          const types =
            taken === null ? [] : (taken as ReturnType<typeof desk.take>).news.map(({ type }) => type)
          expect(types.filter((type) => type === 'open' || type === 'end').join()).toMatch(
            /^(open)?,?(end)?$/,
          )
        }
        probes.forEach(({ controller }) => controller.abort())
        desk.dial.close()
        await desk.clock.settle()
        expect(probes.map(({ answer }) => answer())).not.toContain('none yet')
        expect([desk.alive(), desk.clock.pending()]).toEqual([0, 0])
      },
    ),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 150 },
  )
})
