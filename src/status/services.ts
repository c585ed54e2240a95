/** One connection per service: people are told about the worst one. */
import type { Connection, ConnectionState } from '../core/state.js'

/** A connection and its name; null: a single, unnamed one. */
export interface Service {
  readonly name: string | null
  readonly connection: Connection
}

/** The precedence of phases (docs/spec/ux.md, 1.1), as far as a connection decides it. Lower is worse. */
function rank({ link, auth, intent, resync }: ConnectionState): number {
  if (intent === 'offline') return 0
  if (auth === 'required') return 1
  switch (link.name) {
    case 'stopped':
      return 2
    case 'waiting':
    case 'trying':
      return link.cause === 'planned' ? 4 : 3
    case 'connecting':
      return 5
    case 'suspect':
      return 6
    case 'online':
      return resync === 'none' ? 8 : 7
    case 'idle':
      return 9
  }
}

const sinceOf = ({ link }: ConnectionState): number => ('since' in link ? link.since : Infinity)

/** The service to be told about: the worst; among equals the one that has been so for longest, then the first. */
export function worstOf(services: readonly Service[]): Service {
  return services.reduce((worst, next) => {
    const [a, b] = [worst.connection.state, next.connection.state]
    const isWorse = rank(b) < rank(a) || (rank(b) === rank(a) && rank(b) < 7 && sinceOf(b) < sinceOf(a))
    return isWorse ? next : worst
  })
}
