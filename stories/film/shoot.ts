/** Plays a scenario on the virtual clock, and keeps the moments at which something else is seen. */
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { scenarios, type ScenarioName } from '../../mocks/scenarios/index.js'
import { HoldfastError } from '../../src/core/errors.js'
import type { AuthPort, Stop } from '../../src/core/state.js'
import type { StatusView } from '../../src/status/view.js'
import { steady } from '../../src/presets.js'
import type { Action } from '../../src/vue/queue-port.js'
import { forget } from '../order-desk/play.js'
import { createDeskStage, type DeskStage } from '../order-desk/stage.js'

/** What is seen at one moment. */
export interface Frame {
  /** Since the scenario began (ms). */
  readonly atMs: number
  /** How long it is seen (ms); null: to the end. */
  readonly lastsMs: number | null
  readonly view: StatusView
  /** What waits then. */
  readonly actions: readonly Action[]
  /** The instant that the times of the view count from (epoch ms). */
  readonly at: number
}

/** The desk asks for its list this often, first so long after the beginning (ms). */
const POLL_MS = 3000
const FIRST_POLL_MS = 1200

/** When orders are placed (ms since the beginning). */
const ORDERS = [
  [2500, 2, 'Rye bread'],
  [4500, 6, 'Cinnamon buns'],
  [8500, 3, 'Sourdough'],
] as const

/** So long a person takes to sign in, once that is asked for (ms). */
const SIGN_IN_MS = 5000

/** What follows the last fault, until all is told (ms); and how long one is looked at that never ends. */
const AFTERWARDS_MS = 12_000
const WITHOUT_END_MS = 25_000

/** Shorter than this nothing is seen (ms). */
const BLINK_MS = 300

/** Of what changes within a phase, what is seen this long after its beginning (ms). */
const SETTLED_MS = 1500

/** More are not looked at; the last is kept. */
const MOST_FRAMES = 12

type Moment = Omit<Frame, 'lastsMs'>

/** The telling moments of a scenario, as the order desk shows them with the default schedule. */
export async function shoot(given: ScenarioName | Scenario): Promise<readonly Frame[]> {
  const scenario: Scenario = typeof given === 'string' ? scenarios[given] : given
  const name = `film-${typeof given === 'string' ? given : given.name}`
  await forget(name)
  const person = createPerson()
  const stage = createDeskStage({ name, schedule: steady, auth: person.auth })
  const { desk, network, clock } = stage
  const stops = [desk.status.start(), desk.queue.start()]
  desk.connection.start()
  try {
    await stage.ready()
    const startAt = clock.now()
    const endMs = Math.max(lengthOf(scenario) + AFTERWARDS_MS, WITHOUT_END_MS)
    const moments: Moment[] = []
    const look = () => {
      const at = clock.now()
      moments.push({ at, atMs: at - startAt, view: desk.status.view, actions: desk.queue.actions })
    }
    look()
    stops.push(desk.status.subscribe(look), person.sitsAt(stage))
    work(stage, startAt, endMs)
    network.run(scenario)
    await clock.advanceTo(startAt + endMs)
    return telling(moments, endMs)
  } finally {
    desk.connection.stop()
    stops.forEach((stop) => stop())
    stage.dispose()
  }
}

/** Who works there has a token that cannot be renewed: once it is refused he has to sign in. */
function createPerson() {
  let signIns = 1
  const auth: AuthPort = {
    token: () => `baker ${signIns}`,
    refresh: () => Promise.reject(new HoldfastError('unauthorized')),
  }
  /** Signs in a moment after the desk asks for it. */
  const sitsAt = ({ desk, clock }: DeskStage): Stop => {
    let isAsked = false
    return desk.status.subscribe(({ phase }) => {
      const wasAsked = isAsked
      isAsked = phase === 'authRequired'
      if (isAsked && !wasAsked) clock.schedule(clock.now() + SIGN_IN_MS, 0, signIn)
    })
    function signIn(): void {
      signIns += 1
      desk.connection.signedIn()
    }
  }
  return { auth, sitsAt }
}

/** What is done at the desk. */
function work({ desk, clock }: DeskStage, startAt: number, endMs: number): void {
  for (const [atMs, qty, item] of ORDERS) {
    clock.schedule(startAt + atMs, 0, () => void desk.place({ qty, item, note: null }))
  }
  for (let atMs = FIRST_POLL_MS; atMs < endMs; atMs += POLL_MS) {
    clock.schedule(startAt + atMs, 0, () => void desk.refresh())
  }
}

/** One frame for each stretch in which the same phase is told in the same place. */
function telling(moments: readonly Moment[], endMs: number): Frame[] {
  const stretches: Moment[][] = []
  for (const moment of moments) {
    const last = stretches.at(-1)
    if (last && kindOf(last[0]!) === kindOf(moment)) last.push(moment)
    else stretches.push([moment])
  }
  const frames = stretches.flatMap((stretch, index): Moment[] => {
    const begin = stretch[0]!.atMs
    const end = stretches[index + 1]?.[0]!.atMs ?? null
    if ((end ?? endMs) - begin < BLINK_MS) return []
    const seen = stretch.findLast(({ atMs }) => atMs <= begin + SETTLED_MS)!
    return [{ ...seen, atMs: begin }]
  })
  // What is the same again after a blink was never away.
  const starts = frames.filter((frame, index) => index === 0 || kindOf(frame) !== kindOf(frames[index - 1]!))
  const seen = starts.map((frame, index) => {
    const next = starts[index + 1]
    return { ...frame, lastsMs: next ? next.atMs - frame.atMs : null }
  })
  return seen.length > MOST_FRAMES ? [...seen.slice(0, MOST_FRAMES - 1), seen.at(-1)!] : seen
}

const kindOf = ({ view }: Moment) => `${view.phase} ${view.surface}`
