/** What is true around a keeper: the verdict about the link, the sign-in, who sees or needs the line. */
import { isDown, type Connection, type ConnectionEvent, type LinkState, type Stop } from '../core/state.js'
import type { DialStamp, LinkView } from './dialling-state.js'
import { createUse, type Use } from './use.js'
import { isTurning } from './waits.js'

/** What is true around a keeper, and news of it. */
export interface Around {
  readonly use: Use
  isHidden(): boolean
  /** The page is visible, or somebody needs the line. */
  isWanted(): boolean
  /** As far as a dial is concerned; `livedAt`: when a line that cannot be asked gave a sign of life, else Infinity. */
  stamp(livedAt: number): Omit<DialStamp, 'roll' | 'transport' | 'isElsewhere'>
  /** Listens to the connection and to the page, until the returned stop. */
  listen(onChange: (isWaking: boolean) => void): Stop
}

function viewOf(link: LinkState): LinkView {
  if (isDown(link)) return link.memory.navOnline ? 'down' : 'cut'
  return link.name === 'online' ? 'up' : link.name === 'idle' ? 'off' : 'unsure'
}

const isWake = ({ type }: ConnectionEvent): boolean =>
  type === 'WAKE' || type === 'VISIBLE' || type === 'NAV_ONLINE'

/** Looks around; `onUse` is called when something about the use of the line may have changed. */
export function lookAround(connection: Connection, page: EventTarget | null, onUse: () => void): Around {
  const { clock } = connection
  const use = createUse(clock, page, onUse)
  let turns = 0
  let lostAt = 0

  const isHidden = (): boolean => connection.state.link.memory.hiddenAt !== null
  const isWanted = (): boolean => !isHidden() || use.isNeeded

  return {
    use,
    isHidden,
    isWanted,
    stamp(livedAt) {
      const { link, auth } = connection.state
      return {
        now: clock.now(),
        isWanted: isWanted(),
        isFlapping: (link.memory.incidentAt ?? 0) !== lostAt,
        isSilent: livedAt < lostAt,
        turns,
        link: viewOf(link),
        auth: connection.auth ? auth : null,
      }
    },
    listen(onChange) {
      let wasTurning = isTurning(connection.state.auth)
      const stopConnection = connection.subscribe(({ link, auth }, event) => {
        if (isDown(link)) lostAt = link.since
        if (wasTurning && !isTurning(auth)) turns += 1
        wasTurning = isTurning(auth)
        if (event.type === 'VISIBLE') use.used()
        onChange(isWake(event))
      })
      const stopPage = use.listen()
      if (!isHidden()) use.used()
      return () => {
        stopPage()
        stopConnection()
      }
    },
  }
}
