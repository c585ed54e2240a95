/** What the panel is told of a story: the log, and what becomes of the parts of the application that are watched. */
import type { Clock } from '../../src/core/clock.js'
import type { Connection, ConnectionState, Stop } from '../../src/core/state.js'
import type { Status } from '../../src/status/view.js'
import type { Playback } from '../playback/options.js'
import type { Mark, Told } from './messages.js'
import { ownOf } from './own-scenarios.js'

/** The parts of an application that have a lane of their own. */
export interface Watched {
  /** Its connection; of several the one that matters. */
  readonly connection?: Pick<Connection, 'state' | 'subscribe'>
  /** Its status. */
  readonly status?: Pick<Status, 'view' | 'subscribe'>
}

/** Remembers what became of what is watched, and tells it bit by bit. */
export interface Recorder {
  /** A world begins: everything of the one before is forgotten. */
  begin(clock: Clock): void
  /** Follows the parts of an application for as long as their world lives. */
  watch(watched: Watched): void
  /** Everything that there is. */
  all(playback: Playback, isHeard: boolean): Told
  /** What has been added since it was last told. */
  more(playback: Playback): Told
  dispose(): void
}

const stateOf = ({ link, intent }: ConnectionState): string =>
  intent === 'offline' ? 'offline by choice' : link.name

/**
 * Makes a recorder.
 *
 * @param onMark something that is watched has changed.
 */
export function createRecorder(story: string, onMark: () => void): Recorder {
  let marks: Mark[] = []
  const stops: Stop[] = []
  let told = { world: 0, log: 0, marks: 0 }
  let now = (): number => 0

  const dispose = (): void => {
    for (const stop of stops.splice(0)) stop()
  }
  const mark = (lane: Mark['lane'], value: string): void => {
    if (marks.findLast((one) => one.lane === lane)?.value === value) return
    marks.push({ lane, atMs: now(), value })
    onMark()
  }
  const tell = (playback: Playback, since: typeof told, isHeard: boolean): Told => {
    const { world, startAt, nowMs, state, speed, script, network } = playback
    const from = world === since.world ? since : { log: 0, marks: 0 }
    const log = network.log.slice(from.log)
    told = { world, log: network.log.length, marks: marks.length }
    return {
      ...{ story, isHeard, world, startAt, nowMs, state, speed, script, log },
      from: { log: from.log, marks: from.marks },
      marks: marks.slice(from.marks),
      underWay: network.underWay,
    }
  }

  return {
    begin(clock) {
      dispose()
      marks = []
      const startAt = clock.now()
      now = () => clock.now() - startAt
    },
    watch({ connection, status }) {
      if (connection) {
        mark('connection', stateOf(connection.state))
        stops.push(connection.subscribe((state) => mark('connection', stateOf(state))))
      }
      if (status) {
        mark('phase', status.view.phase)
        stops.push(status.subscribe(({ phase }) => mark('phase', phase)))
      }
    },
    all: (playback, isHeard) => ({
      ...tell(playback, { world: 0, log: 0, marks: 0 }, isHeard),
      scenarios: ownOf(playback.repertoire),
    }),
    more: (playback) => tell(playback, told, true),
    dispose,
  }
}
