/** The ways to dial, and which of them is next: drivers by preference, endpoints by health. */
import { badOption, checkNumber } from '../core/errors.js'
import { createBeside, type Beside, type BesidePorts } from './beside.js'
import { checkEndpoints, hostOf, type Endpoint } from './endpoints.js'
import type { Driver, LineEnd } from './line.js'

/** One way: how, and where to. */
export interface Route {
  readonly driver: Driver
  /** Null: the owner's `request` says it. */
  readonly url: URL | null
}

/** What a keeper asks about the ways it may take. */
export interface Routes {
  /** The way of the next attempt. */
  next(now: number): Route
  /** A line of this way has ended. True: another way is left that has not failed. */
  ended(route: Route, end: LineEnd, wasProven: boolean, now: number): boolean
  /** This way works. */
  proven(route: Route, now: number): void
  /** The link was down: what failed was not the ways' fault. */
  excused(): void
  /** The place where a better way than the one in use is tried, beside it. */
  beside(ports: BesidePorts): Beside
  /** Whether a token may be sent to this URL. */
  allows(url: URL): boolean
}

/** Options of `createRoutes`. */
export interface RoutesOptions {
  /**
   * After so many ms on a second-best driver or away from home a better line is tried beside the one in use; doubles
   * with each failure, up to 30 minutes. Default 60,000; Infinity: never.
   */
  betterAfterMs?: number
}

/** After so many attempts that were not proven a driver gives way to the next. */
const MISSES = 2

/** A failure of an endpoint is forgotten after so long: it may be home again. */
const FORGIVEN_MS = 60_000

const LONGEST_BETTER_MS = 30 * 60_000

/** Where there is but one way there is no better one. */
const NOTHING_BESIDE: Beside = Object.freeze({
  dial: null,
  lookAt: Infinity,
  look() {},
  hear() {},
  take: () => null,
  drop() {},
})

/**
 * One way, and no other. A token may go to that URL's host alone; without a URL to none.
 * @throws `bad-option` for a URL with a user or password
 */
export function oneRoute(driver: Driver, url: URL | null = null): Routes {
  if (url?.username || url?.password)
    throw badOption('route.url', url.host, 'a URL without user and password')
  const route: Route = { driver, url }
  return {
    next: () => route,
    ended: () => false,
    proven() {},
    excused() {},
    beside: () => NOTHING_BESIDE,
    allows: (asked) => hostOf(asked) === hostOf(url),
  }
}

/**
 * Several ways. A driver gives way to the next after two attempts in a row that were not proven, at once if it says
 * that it does not work here; an endpoint after one. What works is kept, and left for something better later.
 * @param where what an error names as that whose option it is. Default: `routes`
 * @throws `bad-option`
 */
export function createRoutes(
  drivers: readonly Driver[],
  endpoints: readonly Endpoint[],
  { betterAfterMs = 60_000 }: RoutesOptions = {},
  where = 'routes',
): Routes {
  if (!Array.isArray(drivers) || drivers.length === 0) {
    throw badOption(`${where}.drivers`, drivers, 'a list of at least one driver')
  }
  checkEndpoints(endpoints)
  if (betterAfterMs !== Infinity) checkNumber(`${where}.betterAfterMs`, betterAfterMs, 1_000, 86_400_000)
  const waysOf = drivers.map((driver: Driver, index) => {
    const ways = endpoints.flatMap((endpoint): Route[] => {
      const url = endpoint[driver.transport]
      return url ? [{ driver, url }] : []
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
  /** By host, since what fails is the host: when it last failed, and how often in a row. */
  const failures = new Map<string, { readonly at: number; readonly count: number }>()
  let current = 0
  let misses = 0
  let betterAt = Infinity
  let betterMs = betterAfterMs

  const waysNow = (): readonly Route[] => waysOf[current] ?? []

  function failuresOf({ url }: Route, now: number): number {
    const seen = failures.get(hostOf(url))
    return seen && now - seen.at < FORGIVEN_MS ? seen.count : 0
  }

  function next(now: number): Route {
    return waysNow().reduce((best, way) => (failuresOf(way, now) < failuresOf(best, now) ? way : best))
  }

  const home = (): Route | undefined => waysOf[0]?.[0]

  return {
    next,
    ended(route, { verdict }, wasProven, now) {
      const isOwnFault = verdict === 'again' || verdict === 'later' || verdict === 'unsuitable'
      if (!isOwnFault || (wasProven && verdict !== 'later')) return false
      if (verdict !== 'unsuitable') {
        const host = hostOf(route.url)
        failures.set(host, { at: now, count: (failures.get(host)?.count ?? 0) + 1 })
      }
      if (!wasProven) misses += verdict === 'unsuitable' ? MISSES : 1
      if (misses < MISSES) return failuresOf(next(now), now) === 0
      misses = 0
      current = (current + 1) % drivers.length
      return current > 0
    },
    proven(route, now) {
      current = drivers.indexOf(route.driver)
      misses = 0
      failures.delete(hostOf(route.url))
      const isHome = route.driver === home()?.driver && route.url === home()?.url
      if (isHome) betterMs = betterAfterMs
      betterAt = isHome ? Infinity : now + betterMs
    },
    excused() {
      misses = 0
      failures.clear()
    },
    beside: (ports) =>
      createBeside(ports, {
        dueAt: () => betterAt,
        take(now) {
          betterMs = Math.min(LONGEST_BETTER_MS, 2 * betterMs)
          betterAt = now + betterMs
          return home() ?? next(now)
        },
      }),
    allows: (url) => hosts.includes(hostOf(url)),
  }
}
