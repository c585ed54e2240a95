/** A synchronous stand-in for the keeper: the pure machine, one line, one timer, a world that is set by hand. */
import type { AuthState } from '../../src/core/state.js'
import { CLOSED, endsAt } from '../../src/live/dial-moves.js'
import { dialling } from '../../src/live/dialling.js'
import type { DialEvent, DialStamp, Keeping, LinkView } from '../../src/live/dialling-state.js'
import { broken } from '../../src/live/ends.js'
import type { KeeperState } from '../../src/live/keeper-state.js'
import type { Transport } from '../../src/live/line.js'
import { live } from '../../src/presets.js'

export const T0 = 1_000_000

const policy = { schedule: live, dialTimeoutMs: 10_000 }

export interface World {
  link: LinkView
  isFlapping: boolean
  auth: AuthState
  isWanted: boolean
  /** Of the next attempt; one that is under way stays where it is. */
  isElsewhere: boolean
}

export interface DialWalk {
  readonly state: KeeperState
  readonly now: number
  readonly timerAt: number
  readonly hasLine: boolean
  /** Where the newest attempt was made to. */
  readonly wentElsewhere: boolean
  readonly world: Readonly<World>
  send(event: DialEvent): void
  /** What the line tells; nothing, if there is none. Without an event: it only shows that it lives. */
  answer(event?: DialEvent): void
  change(over: Partial<World>): void
  /** Lets time pass; a timer that falls due rings. */
  advance(ms: number): void
}

/** Throws as soon as an effect breaks a promise of the machine. */
export function createDialWalk(roll: number, hasAuth: boolean, transport: Transport = 'websocket'): DialWalk {
  const world: World = { link: 'up', isFlapping: false, auth: 'unknown', isWanted: true, isElsewhere: false }
  let keeping: Keeping = CLOSED
  let now = T0
  let turns = 0
  let hasLine = false
  let wentElsewhere = false
  let lastDialAt = -Infinity
  let lifeAt = 0
  let lostAt = 0

  const isTurning = (): boolean => world.auth === 'refreshing' || world.auth === 'required'

  const walk: DialWalk = {
    get state() {
      return keeping.state
    },
    get now() {
      return now
    },
    get timerAt() {
      return endsAt(keeping.state, policy)
    },
    get hasLine() {
      return hasLine
    },
    get wentElsewhere() {
      return wentElsewhere
    },
    world,
    send(event) {
      const stamp: DialStamp = {
        now,
        roll,
        turns,
        isSilent: transport !== 'websocket' && lifeAt < lostAt,
        transport,
        ...world,
        auth: hasAuth ? world.auth : null,
      }
      const before = keeping
      const [after, effects] = dialling(keeping, event, policy, stamp)
      keeping = after
      let wantsToken = false
      if (event.type === 'ENDED' && effects.length > 0) hasLine = false
      for (const effect of effects) {
        if (effect.type === 'drop') hasLine = false
        if (effect.type === 'dial') {
          must(!hasLine, `a second dial by ${event.type}`)
          must(world.isWanted, 'a dial that nobody wants')
          must(
            mayDial(world),
            `a dial ${world.isElsewhere ? 'elsewhere ' : ''}while the link is ${world.link}`,
          )
          must(!hasAuth || !isTurning(), 'a dial while the token is being renewed')
          must(now >= after.memory.ticketAt, 'a dial before its ticket')
          if (before.state.name !== 'closed') must(now - lastDialAt >= 250, 'a hot loop')
          hasLine = true
          wentElsewhere = world.isElsewhere
          lastDialAt = lifeAt = now
        }
        if (effect.type === 'GOOD_ANSWER') must(!wentElsewhere, 'evidence from another server')
        if (effect.type === 'UNAUTHORIZED') wantsToken = true
      }
      if (event.type === 'STOP') lastDialAt = -Infinity
      if (wantsToken) {
        must(hasAuth, 'asks for a token where nobody has one')
        if (!isTurning()) walk.change({ auth: 'refreshing' })
      }
    },
    answer(event) {
      if (!hasLine) return
      lifeAt = now
      if (event) walk.send(event)
    },
    change(over) {
      const wasTurning = isTurning()
      const wasLost = isLost(world)
      Object.assign(world, over)
      if (isLost(world) && !wasLost) lostAt = now
      if (wasTurning && !isTurning()) turns += 1
      walk.send({ type: 'LOOK' })
    },
    advance(ms) {
      const end = now + ms
      while (walk.timerAt <= end) {
        now = Math.max(now, walk.timerAt)
        const isAttempt = walk.state.name !== 'backoff'
        walk.send(
          isAttempt
            ? { type: 'ENDED', end: broken('late'), isSilent: true, hasOther: false, isUnsent: false }
            : { type: 'LOOK' },
        )
      }
      now = end
    },
  }
  return walk
}

const isLost = ({ link }: World): boolean => link === 'down' || link === 'cut'

/** Where a verdict that is down is about another server, unless the device has no network at all. */
export const mayDial = ({ link, isElsewhere }: Pick<World, 'link' | 'isElsewhere'>): boolean =>
  link === 'up' || link === 'unsure' || (link === 'down' && isElsewhere)

/** Plain conditions: `expect` is slow in so many calls. */
export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
