/** What is true around a keeper: the verdict about the link, the sign-in, who sees or needs the line. */
import {
  isDown,
  type AuthState,
  type Connection,
  type ConnectionEvent,
  type LinkName,
  type Stop,
} from '../core/state.js'
import type { DialStamp, LinkView } from './dialling-state.js'
import { createUse, type Use } from './use.js'

/** What is true around a keeper, and news of it. */
export interface Around {
  readonly use: Use
  isHidden(): boolean
  /** The page is visible, or somebody needs the line. */
  isWanted(): boolean
  /** As far as a dial is concerned; `livedAt`: when a line that cannot be asked gave a sign of life, else Infinity. */
  stamp(livedAt: number): Omit<DialStamp, 'roll' | 'transport'>
  /** Whether the link is wanted from now on. */
  want(isWanting: boolean): void
  /** Listens to the connection and to the page, until the returned stop. */
  listen(onChange: (isWaking: boolean) => void): Stop
}

const LINKS: Readonly<Record<LinkName, LinkView>> = {
  idle: 'off',
  connecting: 'unsure',
  suspect: 'unsure',
  online: 'up',
  waiting: 'down',
  trying: 'down',
  stopped: 'down',
}

const isWake = ({ type }: ConnectionEvent): boolean =>
  type === 'WAKE' || type === 'VISIBLE' || type === 'NAV_ONLINE'

const isTurning = (auth: AuthState): boolean => auth === 'refreshing' || auth === 'required'

/** Looks around; `onUse` is called when something about the use of the line may have changed. */
export function lookAround(connection: Connection, page: EventTarget | null, onUse: () => void): Around {
  const { clock } = connection
  const use = createUse(clock, page, onUse)
  let turns = 0
  let lostAt = 0
  let wish: Stop | null = null

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
        isFlapping: isDown(link) && link.memory.incidentAt !== link.since,
        isSilent: livedAt < lostAt,
        turns,
        link: LINKS[link.name],
        auth: connection.auth ? auth : null,
      }
    },
    want(isWanting) {
      if (isWanting === (wish !== null)) return
      wish?.()
      wish = null
      if (!isWanting) return
      // What it sets off may come back here: it is a wish already.
      wish = () => {}
      wish = connection.want()
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
