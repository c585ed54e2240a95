/** Plays a scenario on the virtual clock, and keeps the moments at which something else is seen. */
import { watch } from 'vue'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { scenarios, type ScenarioName } from '../../mocks/scenarios/index.js'
import { HoldfastError } from '../../src/core/errors.js'
import type { AuthPort, Stop } from '../../src/core/state.js'
import type { StatusView } from '../../src/status/view.js'
import { steady } from '../../src/presets.js'
import type { Action } from '../../src/vue/queue-port.js'
import type { Order } from '../order-desk/desk.js'
import { forget } from '../order-desk/forget.js'
import { BASE, createDeskStage, type DeskStage } from '../order-desk/stage.js'
import { isSilent } from './captions.js'
import { createNews, type NewsView } from './news.js'
import { telling } from './telling.js'

/** What is seen at one moment. */
export interface Frame {
  /** Since the scenario began (ms). */
  readonly atMs: number
  /** How long it is seen (ms); null: to the end. */
  readonly lastsMs: number | null
  readonly view: StatusView
  /** What waits then. */
  readonly actions: readonly Action[]
  /** The list of orders, as the desk has it. */
  readonly orders: readonly Order[]
  /** How long it has been asking for that list without an answer (ms); null: it is not asking. */
  readonly askedForMs: number | null
  readonly news: NewsView
  /** Whether the person has signed in once more. */
  readonly hasSignedIn: boolean
  /** What the server has done: so many orders, and so often it was asked for one that it had. */
  readonly server: { readonly orders: number; readonly askedAgain: number }
  /** How many moments before this one are not shown. */
  readonly leftOut: number
  /** The instant that the times of the view count from (epoch ms). */
  readonly at: number
}

/** The desk asks for its list this often, first so long after the beginning (ms). */
const POLL_MS = 3000
const FIRST_POLL_MS = 1200

/** One try takes no longer (ms): an answer of three lines that is that late hangs on a dead connection. */
const ATTEMPT_MS = 10_000

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

/** How often it is looked whether something is silent (ms). */
const LOOK_MS = 250

/** What is looked at. */
export type Moment = Omit<Frame, 'lastsMs' | 'leftOut'>

/** The telling moments of a scenario, as the order desk shows them with the default schedule. */
export async function shoot(given: ScenarioName | Scenario): Promise<readonly Frame[]> {
  const scenario: Scenario = typeof given === 'string' ? scenarios[given] : given
  const name = `film-${typeof given === 'string' ? given : given.name}`
  await forget(name)
  const person = createPerson()
  const news = createNews()
  const stage = createDeskStage({
    ...{ name, schedule: steady, attemptTimeoutMs: ATTEMPT_MS },
    ...{ auth: person.auth, more: news.handlers },
  })
  const { desk, network, clock, api } = stage
  const stops = [desk.status.start(), desk.queue.start()]
  desk.connection.start()
  try {
    let look = (): void => {}
    stops.push(news.open(stage, () => look()))
    await stage.ready()
    const startAt = clock.now()
    const endMs = Math.max(lengthOf(scenario) + AFTERWARDS_MS, WITHOUT_END_MS)
    const moments: Moment[] = []
    const momentNow = (): Moment => {
      const at = clock.now()
      const askedAgain = api.ledger.reduce((sum, { replays }) => sum + replays, 0)
      return {
        ...{ at, atMs: at - startAt, view: desk.status.view, actions: desk.queue.actions },
        ...{ orders: desk.orders.value, askedForMs: askedForMs(stage), news: news.view },
        hasSignedIn: person.hasSignedIn,
        server: { orders: api.ledger.length, askedAgain },
      }
    }
    look = () => void moments.push(momentNow())
    look()
    stops.push(desk.status.subscribe(look), desk.queue.onChange(look), person.sitsAt(stage))
    stops.push(watch(desk.orders, look, { flush: 'sync' }))
    news.speak(clock, startAt, endMs)
    work(stage, startAt, endMs)
    // What does not come is no event: it is looked for.
    for (let atMs = LOOK_MS; atMs < endMs; atMs += LOOK_MS)
      clock.schedule(startAt + atMs, 0, () => isSilent(momentNow()) && look())
    network.run(scenario)
    await clock.advanceTo(startAt + endMs)
    look()
    return telling(moments, endMs)
  } finally {
    desk.connection.stop()
    stops.forEach((stop) => stop())
    stage.dispose()
  }
}

/** How long the list has been under way. */
function askedForMs({ network, clock }: DeskStage): number | null {
  const asked = network.underWay.find(({ method, url }) => method === 'GET' && url === `${BASE}/orders`)
  return asked ? clock.now() - asked.leftAt : null
}

/** Who works there has a token that cannot be renewed: once it is refused he has to sign in. */
function createPerson() {
  let signIns = 1
  const auth: AuthPort = {
    token: () => `baker-${signIns}`,
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
  return {
    ...{ auth, sitsAt },
    get hasSignedIn() {
      return signIns > 1
    },
  }
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
