/** A call goes out after it waited: when the link is up, when it is its turn, and identical ones as one. */
import type { Connection } from '../core/state.js'
import type { Call } from './call.js'
import type { Cancelled } from './cancel.js'
import type { Answer, Config } from './config.js'
import type { Endings } from './endings.js'
import type { Gate } from './gate.js'
import type { Holding } from './holding.js'
import type { Why } from './log.js'
import type { Settings } from './options.js'
import type { Group, Shares } from './share.js'
import type { Waits } from './wait.js'
import { deadlineOf, isPoll } from './wishes.js'

/** An end that would be everybody's; all others are the leader's own. */
const COMMON: ReadonlySet<Why | null> = new Set(['final', 'retries-used', 'hint-too-long', 'not-refreshed'])

/** What a release needs of its client. */
export interface ReleasePorts {
  readonly waits: Waits
  readonly gate: Gate
  readonly shares: Shares
  readonly holding: Holding
  readonly endings: Endings
  readonly cancelled: Cancelled
  /** Hands it to the adapter. */
  launch(config: Config, call: Call): Promise<Answer>
}

/** Sends a call as soon as it may go; `why` it goes. */
export type Release = (call: Call, why: Why) => Promise<Answer>

/** Makes the release of one client. */
export function createRelease(connection: Connection, settings: Settings, ports: ReleasePorts): Release {
  const { waits, gate, shares, holding, endings, cancelled, launch } = ports
  const { clock } = connection
  const { journal } = settings

  async function again(call: Call, why: Why, isOneOfMany = false): Promise<Answer> {
    await holding.linked(call)
    // Who leads a group goes for all of it, however often.
    const isAlone = !isOneOfMany && !gate.isPacing
    if (isAlone || call.group || isPoll(call.config, settings)) return send(call, why)
    const group = shares.find(call)
    return group ? follow(call, group) : lead(call, why)
  }

  async function send(call: Call, why: Why): Promise<Answer> {
    try {
      await holding.turn(call)
      const reason = cancelled(call.config)
      if (reason !== undefined) throw reason
      journal(call, 'send', why)
      return await launch(call.config, call)
    } finally {
      // Of one that was let go and never flew.
      gate.landed(call, false)
    }
  }

  async function lead(call: Call, why: Why): Promise<Answer> {
    const group = (call.group = shares.lead(call))
    if (!group) return send(call, why)
    try {
      const response = await send(call, why)
      shares.end(group, call.config, { response })
      return response
    } catch (error) {
      shares.end(group, call.config, COMMON.has(call.why) ? { error } : undefined)
      throw error
    } finally {
      call.group = null
    }
  }

  async function follow(call: Call, group: Group): Promise<Answer> {
    const since = clock.now()
    call.group = group
    journal(call, 'share', 'identical')
    const leftMs = deadlineOf(call.config, settings, call.arrivedAt) - since
    const ending = await waits.start('share', call, leftMs)
    call.group = null
    call.heldMs += clock.now() - since
    if (ending === 'late') throw endings.refuse(call, 'timeout', 'deadline')
    if (ending !== 'go') throw endings.refuse(call, ending, ending)
    const ended = shares.take(group, call.config)
    if (!ended) return again(call, 'link-up', true)
    if ('error' in ended) throw ended.error
    return ended.response
  }

  return again
}
