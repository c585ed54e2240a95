/** The phase, by precedence (docs/spec/ux.md, 1.1). Pure, and the whole of it on one page. */
import { causeOf, countAttention, type StatusFacts } from './facts.js'
import { isLossOpen, isUnstable, isVersionOpen, type StatusMemory } from './memory.js'
import type { StatusPolicy } from './options.js'
import type { Phase } from './view.js'

/** What people are told: the first line that holds. */
export function phaseOf(memory: StatusMemory, facts: StatusFacts, policy: StatusPolicy): Phase {
  const { link, auth, intent, resync } = facts.connection
  const { outage } = memory
  if (intent === 'offline') return 'offlineByChoice'
  if (auth === 'required') return 'authRequired'
  if (facts.session === 'lost') return 'sessionLost'
  if (link.name === 'stopped') return 'gaveUp'
  if (outage?.escalatedAt != null) return 'disconnected'
  if (outage && link.name !== 'suspect' && causeOf(link) === 'planned') return 'maintenance'
  if (outage?.isFirst) return 'connecting'
  if (outage) return outage.toldAt === null ? 'grace' : 'reconnecting'
  if (memory.resyncSince !== null) return 'resyncing'
  if (memory.sync) return 'syncing'
  if (countAttention(facts.queue) > 0 || resync === 'failed' || isLossOpen(memory, facts)) return 'attention'
  if (isVersionOpen(memory, facts)) return 'attention'
  if (isUnstable(memory, policy)) return 'unstable'
  if (memory.recovered) return 'recovered'
  if (memory.slow && !memory.slow.isDismissed) return 'slow'
  if (link.name === 'suspect') return 'grace'
  return link.name === 'idle' ? 'connecting' : 'online'
}
