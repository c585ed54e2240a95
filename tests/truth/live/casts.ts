/** Who takes part in the rows of the table of channels. */
import {
  eventStream,
  longPoll,
  probeByDial,
  sharedTabs,
  webSocket,
  type ChannelOptions,
} from '../../../src/live/index.js'
import type { Happening } from './diary.js'
import { createPlayer, TELLS, type Note, type Player, type PlayerOptions, type PlayWorld } from './player.js'
import { createReconnecting } from './reconnecting.js'
import { createSession, createTokens } from './tokens.js'

/** What is told of a player, to whom. */
export interface Told {
  /** When the scenario begins, epoch ms. */
  readonly startAt: number
  tell(happening: Happening): void
}

type Make = (told: Told) => Player

/** Players by name, in the order in which they come. */
type Cast = (world: PlayWorld) => Readonly<Record<string, Make>>

/** A poll is asked to be held for so long: one that is never answered is given up 10 s later. */
const POLL_MS = 2_000

/** So soon a better line is tried again: its default, a minute, is longer than a row. */
const BETTER_AFTER_MS = 3_000

const driversOf = ({ WebSocket, fetch }: PlayWorld) => ({
  ws: webSocket({ WebSocket }),
  sse: eventStream({ fetch }),
  poll: longPoll({ fetch, waitMs: POLL_MS }),
})

/** A channel. */
const player =
  (
    world: PlayWorld,
    name: string,
    channel: Partial<ChannelOptions>,
    more: Partial<PlayerOptions> = {},
  ): Make =>
  ({ startAt, tell }) => {
    const note: Note = (tells, what) =>
      tell({ atMs: world.clock.now() - startAt, on: TELLS[tells], what, hintMs: null })
    return createPlayer(world, name, note, { auth: createTokens(world.clock), channel, ...more })
  }

/** One for each transport. */
const each = (world: PlayWorld, more?: Partial<PlayerOptions>) =>
  Object.fromEntries(
    Object.entries(driversOf(world)).map(([name, driver]) => [
      name,
      player(world, name, { drivers: [driver] }, more),
    ]),
  )

/** The casts. */
export const casts = {
  /** A channel for each transport. */
  transports: (world) => each(world),
  /** The same, of one person, at a service that asks for a token. */
  session(world) {
    const { auth, again } = createSession(world.fetch, world.baseURL, world.clock)
    return each(world, { auth, onSessionLost: again })
  },
  /** A channel that takes whichever transport there is. */
  fallback(world) {
    const channel = { drivers: Object.values(driversOf(world)), betterAfterMs: BETTER_AFTER_MS }
    return { any: player(world, 'any', channel, { tellsSuspicions: false }) }
  },
  /** A channel that knows a second server, where it asks whether somebody is there. */
  endpoints(world) {
    const { baseURL, spareURL } = world
    if (spareURL === null) throw new Error('There is no second server')
    const url = [`${baseURL}/`, `${spareURL}/`]
    const channel = { url, drivers: [driversOf(world).ws], betterAfterMs: BETTER_AFTER_MS }
    return { two: player(world, 'two', channel, { healthURL: spareURL, tellsSuspicions: false }) }
  },
  /** Three channels that share a line. */
  tabs(world) {
    const tabs = sharedTabs({ scope: 'ada', ...(world.tabs && { tabs: world.tabs }) })
    const tab = (name: string) => player(world, name, { drivers: [driversOf(world).ws], tabs })
    return { first: tab('first'), second: tab('second'), third: tab('third') }
  },
  /** A channel whose dial is the health check of its connection. */
  dial(world) {
    const dial = probeByDial(`${world.baseURL}/`, { driver: driversOf(world).ws })
    return { one: player(world, 'one', { drivers: [dial] }, { dial }) }
  },
  /** A socket that comes back by itself. */
  reconnecting: (world) => ({ socket: (told) => createReconnecting(world, told) }),
} satisfies Record<string, Cast>

/** One of them. */
export type CastName = keyof typeof casts
