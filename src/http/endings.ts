/** How a call ends that is not answered: its caller gets what there is, and why. */
import type { HoldfastErrorCode } from '../core/errors.js'
import { isDown, type Connection } from '../core/state.js'
import { finish, refusal, type Call } from './call.js'
import { isSingle, type Answer } from './config.js'
import type { Journal, Why } from './log.js'

/** The ends of a client's calls; each is counted and written down. */
export interface Endings {
  /** The last answer, or the last error thrown. */
  giveBack(call: Call, why: Why): Answer
  /** The error for a call that waited in vain. */
  refuse(call: Call, code: HoldfastErrorCode, why: Why): unknown
}

/** Makes the ends. */
export function createEndings(connection: Connection, journal: Journal): Endings {
  function conclude(call: Call, why: Why): void {
    call.why = why
    const isAnswered = call.last?.outcome.status !== undefined
    // What its caller repeats is not lost.
    if (isDown(connection.state.link) && !isAnswered && !isSingle(call.config)) connection.tally.lost += 1
    journal(call, 'give-back', why)
  }

  return {
    giveBack(call, why) {
      conclude(call, why)
      return finish(call)
    },
    refuse(call, code, why) {
      conclude(call, why)
      return refusal(call, code)
    },
  }
}
