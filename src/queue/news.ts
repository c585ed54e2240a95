/** What this tab tells the others, and what it makes of what they tell. */
import type { QueueNews, Said } from './bus.js'
import type { Mirror } from './mirror.js'
import type { Reading } from './reading.js'
import type { Vanished } from './vanished.js'
import type { Changes } from './writer.js'

/** The news of a transaction. */
export function toNews(scope: string, { put, ended }: Changes): QueueNews {
  return {
    scope,
    changed: put.map(({ action }) => action.position),
    ended: ended.map(({ action: { position, id }, as }) => ({
      position,
      id,
      outcome: as.outcome,
      ...('to' in as ? { to: as.to } : {}),
    })),
  }
}

/** What hearing needs. */
export interface HearingPorts {
  readonly scope: string
  readonly mirror: Pick<Mirror, 'at'>
  readonly vanished: Pick<Vanished, 'take'>
  readonly reading: Pick<Reading, 'hear'>
  /** How others ended. */
  apply(changes: Changes): void
  /** Others have changed. */
  reread(positions: readonly number[]): Promise<void>
  onSaid(said: Said): void
}

/** Makes the listener. */
export function createHearing(ports: HearingPorts): (news: QueueNews) => void {
  const { mirror, vanished, reading } = ports

  const settle = (ended: QueueNews['ended']) => {
    const known: Changes['ended'] = []
    for (const { position, id, outcome, to } of ended) {
      const there = mirror.at(position)
      const action = vanished.take(id) ?? (there?.id === id ? there : null)
      if (!action) continue
      if (outcome === 'confirmed') known.push({ action, as: { outcome, result: undefined } })
      else if ((outcome === 'moved' || outcome === 'replaced') && to !== undefined)
        known.push({ action, as: { outcome, to } })
      else known.push({ action, as: { outcome: 'discarded' } })
    }
    if (known.length > 0) ports.apply({ put: [], ended: known })
  }

  return ({ scope, changed, ended, said }) => {
    if (scope !== ports.scope) return
    if (said) ports.onSaid(said)
    const isBeingRead = reading.hear([...changed, ...ended.map(({ position }) => position)])
    if (changed.length === 0) return settle(ended)
    // First what has changed: whoever follows one that has moved must not believe that it is done. A store that
    // cannot be read now is read when something is to be sent.
    const read = isBeingRead && ended.length === 0 ? Promise.resolve() : ports.reread(changed)
    void read.catch(() => {}).then(() => settle(ended))
  }
}
