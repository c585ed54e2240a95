/** What follows an outage, up to the green or to nothing: rows 27 to 50 of docs/spec/ux.md, 1.3. */
import { countAttention, countPending, hasWaitedLong, type StatusFacts } from './facts.js'
import { isLossOpen, isShown, isUnstable, type Moment, type Recovered, type StatusMemory } from './memory.js'

/** Nothing is known against sending: the link is up or only suspected, and we may speak to the service. */
export function isClear(memory: StatusMemory, { connection, session }: StatusFacts): boolean {
  const { link, auth, intent } = connection
  const isUp = link.name === 'online' || link.name === 'suspect'
  return isUp && !memory.outage && auth !== 'required' && session === 'kept' && intent === 'online'
}

/** The state is being fetched again, or the tokens are, before anything can be said to be well. */
export function isResyncing(memory: StatusMemory, facts: StatusFacts): boolean {
  const { auth, resync } = facts.connection
  const isRefreshing = auth === 'refreshing' && memory.trouble !== 'none'
  return isClear(memory, facts) && (resync === 'running' || isRefreshing)
}

/** Follows what is still to be done, and ends it. While `isHeld` nothing ends: a dialog is still in view. */
export function followAftermath(memory: StatusMemory, moment: Moment, isHeld: boolean): StatusMemory {
  const next = followSync(followTrouble(calmed(memory, moment), moment), moment)
  return settled(followRecovered(next, moment), moment, isHeld)
}

/** "Keeps dropping" is over once the link has been up for long (row 48). */
function calmed(memory: StatusMemory, { facts, policy, now }: Moment): StatusMemory {
  if (!isUnstable(memory, policy) || !isClear(memory, facts)) return memory
  return now >= (memory.upAt ?? now) + policy.unstable.calmMs ? { ...memory, losses: [] } : memory
}

function followTrouble(memory: StatusMemory, { facts, now }: Moment): StatusMemory {
  const { connection, session } = facts
  const { link, auth, intent } = connection
  const isTrouble = memory.outage || auth === 'required' || session === 'lost' || intent === 'offline'
  // Work that begins while it is green was part of the return after all.
  const isUnfinished = memory.recovered?.isReturn && isResyncing({ ...memory, trouble: 'loss' }, facts)
  let { trouble } = memory
  if (memory.outage && !memory.outage.isFirst) trouble = 'loss'
  else if ((isTrouble || isUnfinished) && trouble === 'none') {
    trouble = link.memory.everOnline ? 'loss' : 'first'
  }
  const resyncSince = isResyncing({ ...memory, trouble }, facts) ? (memory.resyncSince ?? now) : null
  return { ...memory, trouble, resyncSince }
}

/** Sending is told after a loss, and of a write that waits for long (row 35). */
function followSync(memory: StatusMemory, { facts, policy, now }: Moment): StatusMemory {
  const { queue, connection } = facts
  if (!isClear(memory, facts) || memory.resyncSince !== null) return { ...memory, sync: null }
  if (countPending(queue) === 0) return memory
  // After a failed resynchronisation only what really moves is told; else the reason is (row 36).
  if (connection.resync === 'failed' && queue.sending === 0) return { ...memory, sync: null }
  const isTold = memory.sync !== null || memory.trouble !== 'none' || hasWaitedLong(facts, policy, now)
  if (!isTold) return memory
  const total = Math.max(queue.total, memory.sync?.total ?? 0)
  return { ...memory, sync: { since: memory.sync?.since ?? now, total } }
}

/** The green's own clock stands still under pointer and focus; whatever is worse ends it. */
function followRecovered(memory: StatusMemory, { facts, policy, now }: Moment): StatusMemory {
  const { recovered } = memory
  if (!recovered) return memory
  const isOver = recovered.from !== null && now >= recovered.from + recovered.leftMs
  const isWorse = memory.trouble !== 'none' || memory.sync !== null || !isWell(memory, facts, policy)
  if (isOver || isWorse) return { ...memory, recovered: null }
  if (facts.page.engaged === (recovered.from === null)) return memory
  const leftMs = recovered.from === null ? recovered.leftMs : recovered.from + recovered.leftMs - now
  return { ...memory, recovered: { ...recovered, leftMs, from: recovered.from === null ? now : null } }
}

/** Never green with a failed item, nor with a lost one, nor while the connection keeps dropping. */
function isWell(memory: StatusMemory, facts: StatusFacts, policy: Moment['policy']): boolean {
  return (
    countAttention(facts.queue) === 0 &&
    facts.connection.resync !== 'failed' &&
    !isLossOpen(memory, facts) &&
    !isUnstable(memory, policy)
  )
}

/** The end: green if something was to be seen and all is well, else silence (rows 33, 34, 42 and 43). */
function settled(memory: StatusMemory, { facts, shown, policy, now }: Moment, isHeld: boolean): StatusMemory {
  const { trouble, sync } = memory
  const isBusy = memory.resyncSince !== null || countPending(facts.queue) > 0
  if ((trouble === 'none' && !sync) || isBusy || isHeld || !isClear(memory, facts)) return memory
  const isGreen = isShown(shown) && isWell(memory, facts, policy) && (trouble === 'loss' || sync !== null)
  const recovered: Recovered | null = isGreen
    ? {
        leftMs: policy.recoveredMs,
        from: facts.page.engaged ? null : now,
        isReturn: trouble === 'loss',
        sent: sync ? facts.queue.sent || sync.total : 0,
      }
    : memory.recovered
  return { ...memory, trouble: 'none', sync: null, recovered }
}

/** Pending for long, and calm again for longer: rows 49 and 50. */
export function followSlow(memory: StatusMemory, { facts, policy, now }: Moment): StatusMemory {
  if (!isClear(memory, facts)) return memory.slow ? { ...memory, slow: null } : memory
  const from = pendingFrom(memory, facts)
  const { onMs, calmMs, offMs } = policy.slow
  if (!memory.slow) {
    const isSlow = from !== null && now >= from + onMs
    return isSlow ? { ...memory, slow: { calmSince: null, isDismissed: false } } : memory
  }
  const isCalm = from === null || now < from + calmMs
  const calmSince = isCalm ? (memory.slow.calmSince ?? now) : null
  const isOff = calmSince !== null && now >= calmSince + offMs
  return { ...memory, slow: isOff ? null : { ...memory.slow, calmSince } }
}

/** Since when the oldest request has been pending over the present link; null: none is. */
export function pendingFrom({ upAt }: StatusMemory, { pendingSince }: StatusFacts): number | null {
  return pendingSince === null ? null : Math.max(pendingSince, upAt ?? pendingSince)
}
