/** The ways to dial, and which of them is next: drivers by preference, endpoints by health. */
import { badOption, checkNumber } from '../core/errors.js'
import { createBeside, type Beside, type BesidePorts } from './beside.js'
import { checkEndpoints, hostOf, type Endpoint } from './endpoints.js'
import type { Driver, LineEnd, Verdict } from './line.js'

/** One way: how, and where to. */
export interface Route {
  readonly driver: Driver
  /** Null: the owner's `request` says it. */
  readonly url: URL | null
  /** The verdict of the connection is not about this server: it is dialled also while that is down. */
  readonly isElsewhere: boolean
}

/** What a keeper asks about the ways it may take. */
export interface Routes {
  /** The way of the next attempt; while the link is down one that leads elsewhere, if there is one. */
  next(now: number, isDown?: boolean): Route
  /** A line of this way has ended. True: the next way is another one, which has not failed. */
  ended(route: Route, end: LineEnd, wasProven: boolean, now: number, isDown?: boolean): boolean
  /** This way works. */
  proven(route: Route, now: number): void
  /** The link is back: what failed was not the ways' fault. */
  excused(): void
  /** The place where a better way than the one in use is tried, beside it; null: there is but one. */
  beside(ports: BesidePorts): Beside | null
  /** Whether a token may be sent to this URL. */
  allows(url: URL): boolean
}

/** Options of `createRoutes`. */
export interface RoutesOptions {
  /**
   * After so many ms on a second-best driver or away from home the better lines are tried beside the one in use, one by
   * one, best first; doubles with each round in which none worked, up to 30 minutes. Default 60,000; Infinity: never.
   */
  betterAfterMs?: number | undefined
  /**
   * Which servers the verdict is about: `connection.origins`. Of several endpoints the others are dialled also while it
   * is down. Default: none; as if all were listed, nobody knows which one the probe asks, and each may be dialled.
   */
  origins?: readonly string[]
}

/** A way, and how it has done. */
interface Way extends Route {
  readonly url: URL
  readonly endpoint: Endpoint
  /** Attempts in a row that were not proven. */
  misses: number
  /** How often in a row it has failed, and when last. */
  failures: number
  failedAt: number
}

/** After so many attempts that were not proven a driver gives way to the next, at the server that they were made to. */
const MISSES = 2

/** What an attempt counts for that ended so; nothing: it was not the way's fault. */
const MISSED: Readonly<Partial<Record<Verdict, number>>> = { again: 1, later: 1, unsuitable: MISSES }

/** A failure of a server is forgotten after so long: it may be home again. */
const FORGIVEN_MS = 60_000

const LONGEST_BETTER_MS = 30 * 60_000

/**
 * One way, and no other. A token may go to that URL's host alone; without a URL to none.
 * @throws `bad-option` for a URL with a user or password
 */
export function oneRoute(driver: Driver, url: URL | null = null): Routes {
  if (url?.username || url?.password)
    throw badOption('route.url', url.host, 'a URL without user and password')
  const route: Route = { driver, url, isElsewhere: false }
  return {
    next: () => route,
    ended: () => false,
    proven() {},
    excused() {},
    beside: () => null,
    allows: (asked) => hostOf(asked) === hostOf(url),
  }
}

/**
 * Several ways. At each server a driver gives way to the next after two attempts in a row that were not proven, at once
 * if it says that it does not work here; a server to the next after one. What works is kept, and left for something
 * better later.
 * @param where what an error names as that whose option it is. Default: `routes`
 * @throws `bad-option`
 */
export function createRoutes(
  drivers: readonly Driver[],
  endpoints: readonly Endpoint[],
  { betterAfterMs = 60_000, origins = [] }: RoutesOptions = {},
  where = 'routes',
): Routes {
  if (!Array.isArray(drivers) || drivers.length === 0) {
    throw badOption(`${where}.drivers`, drivers, 'a list of at least one driver')
  }
  checkEndpoints(endpoints)
  if (betterAfterMs !== Infinity) checkNumber(`${where}.betterAfterMs`, betterAfterMs, 1_000, 86_400_000)
  const isAsked = (endpoint: Endpoint): boolean =>
    Object.values(endpoint).some(({ origin }) => origins.includes(origin.replace(/^ws/, 'http')))
  // Where all are asked, or there is but one, nobody knows of another one that is not.
  const isKnown = !endpoints.every(isAsked)
  /** Best first. */
  const all = drivers.flatMap((driver: Driver, index) => {
    const ways = endpoints.flatMap((endpoint): Way[] => {
      const url = endpoint[driver.transport]
      const isElsewhere = endpoints.length > 1 && !(isKnown && isAsked(endpoint))
      return url ? [{ driver, url, isElsewhere, endpoint, misses: 0, failures: 0, failedAt: 0 }] : []
    })
    if (ways.length === 0) {
      throw badOption(
        `${where}.drivers[${index}]`,
        driver.transport,
        'a transport that an endpoint has a URL for',
      )
    }
    return ways
  })
  const hosts = endpoints.flatMap((endpoint) => Object.values(endpoint).map(hostOf))
  /** How many ways are better than the one in use, and how many of them were tried in this round. */
  let better = 0
  let tried = 0
  let betterAt = Infinity
  let betterMs = betterAfterMs

  const waysTo = (asked: Endpoint): Way[] => all.filter(({ endpoint }) => endpoint === asked)

  const failuresOf = ({ failures, failedAt }: Way, now: number): number =>
    now - failedAt < FORGIVEN_MS ? failures : 0

  function next(now: number, isDown = false): Way {
    const ways = endpoints.flatMap((endpoint) => {
      const own = waysTo(endpoint)
      return own.find(({ misses }) => misses < MISSES) ?? own[0] ?? []
    })
    const elsewhere = ways.filter(({ isElsewhere }) => isDown && isElsewhere)
    const badnessOf = (way: Way): number => failuresOf(way, now) * all.length + all.indexOf(way)
    return (elsewhere.length > 0 ? elsewhere : ways).reduce((best, way) =>
      badnessOf(way) < badnessOf(best) ? way : best,
    )
  }

  return {
    next,
    ended(route, { verdict, retryAfterMs }, wasProven, now, isDown) {
      const way = route as Way
      const missed = MISSED[verdict]
      if (!missed || (wasProven && verdict !== 'later')) return false
      way.failures = failuresOf(way, now) + 1
      way.failedAt = now
      // Whoever hands out turns has been reached: another transport would stand in the same row.
      const hasTurn = verdict === 'later' && retryAfterMs !== undefined
      if (!wasProven && !hasTurn) way.misses += missed
      const own = waysTo(way.endpoint)
      // After the last driver the first one again.
      if (own.every(({ misses }) => misses >= MISSES)) for (const each of own) each.misses = 0
      return failuresOf(next(now, isDown), now) === 0
    },
    proven(route, now) {
      // What works here is tried first at the other servers, too.
      const level = drivers.indexOf(route.driver)
      for (const way of all) way.misses = drivers.indexOf(way.driver) < level ? MISSES : 0
      const way = route as Way
      way.failures = tried = 0
      better = all.indexOf(way)
      if (better === 0) betterMs = betterAfterMs
      betterAt = better === 0 ? Infinity : now + betterMs
    },
    excused() {
      for (const way of all) {
        way.failures = 0
        if (way.misses < MISSES) way.misses = 0
      }
    },
    beside: (ports) =>
      createBeside(ports, {
        dueAt: () => betterAt,
        take(now) {
          const way = all[tried]!
          tried += 1
          if (tried < better) return way
          tried = 0
          betterMs = Math.min(LONGEST_BETTER_MS, 2 * betterMs)
          betterAt = now + betterMs
          return way
        },
      }),
    allows: (url) => hosts.includes(hostOf(url)),
  }
}
