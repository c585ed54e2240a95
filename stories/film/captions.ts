/** What a film says in words beside its frames. */
import { endsByItself } from '../../mocks/playback/buttons.js'
import { isRestart } from '../../mocks/restarts.js'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import type { NewsView } from './news.js'
import type { Frame, Moment } from './shoot.js'

/** Seconds, to a tenth. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** How long a frame is seen. */
export const lastsFor = ({ lastsMs }: Frame): string =>
  lastsMs === null ? 'to the end' : `for ${seconds(lastsMs)}`

/** What the server has done by then, which no page can know. */
export const serverOf = ({ server: { orders, askedAgain } }: Frame): string =>
  `Server: ${counted(orders, 'order')}${askedAgain ? `, ${counted(askedAgain, 'repeat')} recognised` : ''}`

/** The page shows this long a wait for an answer (ms): of a shorter one nobody would be told. */
const NOTICED_MS = 1000

/** How long the list has been asked for in vain; empty: it is not, or nobody would notice yet. */
export const updating = ({ askedForMs }: Moment): string =>
  askedForMs !== null && askedForMs >= NOTICED_MS ? `Updating the list for ${seconds(askedForMs)}…` : ''

const LINES: Readonly<Record<NewsView['state'], string>> = {
  closed: 'closed',
  connecting: 'connecting…',
  live: 'live',
  waiting: 'waiting',
  unauthorized: 'sign in',
  failed: 'refused',
}

/** The state of the oven's socket. */
export const lineOf = ({ news }: Moment): string => `Oven: ${LINES[news.state]}`

/** What came by it: each once, whatever the wire did. */
export const heardOf = ({ news: { said, came, heard } }: Moment): string =>
  `heard ${heard} of ${said}${came > heard ? `, ${came} came` : ''}`

/** Whether the socket is taken for live, and does not bring what is said on it. */
export const isBehind = ({ news: { state, said, heard } }: Moment): boolean =>
  state === 'live' && heard < said

/** Whether an answer is missing, or what is said on the socket. */
export const isSilent = (moment: Moment): boolean => updating(moment) !== '' || isBehind(moment)

/** What happens on the network when the frame begins, and what happens in a moment of it. */
export function networkIn(scenario: Scenario, frame: Frame): string {
  if (lengthOf(scenario) === 0) return scenario.name
  const { atMs, lastsMs } = frame
  const untilMs = lastsMs === null ? Number.POSITIVE_INFINITY : atMs + lastsMs
  const under = scenario.steps.filter(({ atMs: from, do: action, forMs }) => {
    if (isRestart(action))
      return from <= atMs && atMs < lengthOf({ ...scenario, steps: [{ atMs: from, do: action }] })
    if (endsByItself(action)) return atMs <= from && from < untilMs
    // It refuses the first token alone: whoever has another is well.
    if (action.type === 'unauthorized' && frame.hasSignedIn) return false
    return from <= atMs && (forMs === undefined || atMs < from + forMs)
  })
  const names = new Set(
    under.map(({ do: action }) => ('code' in action ? `${action.type} ${action.code}` : action.type)),
  )
  if (names.size > 0) return `Network: ${[...names].join(', ')}`
  const isLost = scenario.steps.some(({ atMs: from, do: action }) => action.type === 'lost' && from < atMs)
  return isLost && isSilent(frame) ? 'Network: well for new connections' : 'Network: well'
}
