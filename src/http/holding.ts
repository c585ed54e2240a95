/** Whoever cannot go now waits: for the link, for his turn, for a place in the retry budget. */
import { isDown, type Connection } from '../core/state.js'
import type { Call } from './call.js'
import type { Endings } from './endings.js'
import type { Gate } from './gate.js'
import type { Why } from './log.js'
import type { Settings } from './options.js'
import { isVain, type WaitKind, type Waits } from './wait.js'
import { deadlineOf, holdMsOf, isPoll } from './wishes.js'

/** Without a token in the budget it is looked for again after so long, good answers or not. */
const LOOK_AGAIN_MS = 5_000

/** The waiting of one client's calls. All reject when that is in vain. */
export interface Holding {
  /** Waits until the verdict is good. */
  hold(call: Call, why: Why): Promise<void>
  /** Waits until the link is up; never ends well after the kit was stopped or taken off. */
  linked(call: Call): Promise<void>
  /** Waits for its turn, if there are turns. */
  turn(call: Call): Promise<void>
  /** Waits for a token of the retry budget; resolves with why there is none for it, or null. */
  token(call: Call): Promise<Why | null>
}

/** Makes the waiting. `isOpen` is false once the kit was taken off. */
export function createHolding(
  connection: Connection,
  settings: Settings,
  waits: Waits,
  gate: Gate,
  endings: Endings,
  isOpen: () => boolean,
): Holding {
  const { clock, budget, tally } = connection
  const { journal } = settings

  /** Counted into the longest time that it may be held. */
  async function wait(kind: WaitKind, call: Call, mostMs: number) {
    const since = clock.now()
    const ending = await waits.start(kind, call, mostMs)
    call.heldMs += clock.now() - since
    return ending
  }

  function leftMs({ config, arrivedAt, heldMs }: Call): number {
    const deadlineMs = deadlineOf(config, settings, arrivedAt) - clock.now()
    return Math.max(0, Math.min(holdMsOf(config, settings) - heldMs, deadlineMs))
  }

  async function held(kind: 'link' | 'turn', call: Call): Promise<void> {
    const ending = await wait(kind, call, leftMs(call))
    if (ending === 'go') return
    if (ending !== 'late') throw endings.refuse(call, ending, ending)
    const isPast = clock.now() >= deadlineOf(call.config, settings, call.arrivedAt)
    throw isPast
      ? endings.refuse(call, 'timeout', 'deadline')
      : endings.refuse(call, 'gave-up', 'held-too-long')
  }

  async function hold(call: Call, why: Why): Promise<void> {
    if (waits.held >= settings.maxHeld) throw endings.refuse(call, 'hold-full', 'hold-full')
    if (!call.wasHeld) tally.held += 1
    call.wasHeld = true
    journal(call, 'hold', why)
    await held('link', call)
  }

  async function linked(call: Call): Promise<void> {
    while (isOpen() && isDown(connection.state.link)) await hold(call, 'link-down')
    const { link, intent } = connection.state
    if (isOpen() && link.name !== 'idle') return
    const code = isOpen() && intent === 'offline' ? 'paused' : 'stopped'
    throw endings.refuse(call, code, code)
  }

  return {
    hold,
    linked,
    async turn(call) {
      while (!isPoll(call.config, settings) && !gate.admit(call)) {
        journal(call, 'turn', 'link-up')
        await held('turn', call)
        await linked(call)
      }
    },
    async token(call) {
      let isTold = false
      while (!budget.take()) {
        const mostMs = leftMs(call)
        if (mostMs === 0) return 'budget-empty'
        if (!isTold) journal(call, 'budget', 'budget-empty')
        isTold = true
        const ending = await wait('budget', call, Math.min(LOOK_AGAIN_MS, mostMs))
        if (isVain(ending)) return ending
      }
      return null
    },
  }
}
