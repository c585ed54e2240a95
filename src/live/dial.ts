/** One dial of the keeper: asks what for, begins one attempt of one driver, and is silent once it is over. */
import type { Clock } from '../core/clock.js'
import { isHoldfastError } from '../core/errors.js'
import { broken } from './ends.js'
import type { KeeperOptions } from './keeper-state.js'
import type { Line, LineNews, Verdict } from './line.js'
import type { Route } from './routes.js'

/** One dial. Its object is its generation: what is not the keeper's own any more tells nothing. */
export interface Dial {
  readonly route: Route
  readonly generation: number
  /** Null: what it is opened for is still being asked. */
  readonly line: Line | null
  /** When the attempt of the transport began (epoch ms). */
  readonly openingAt: number
  /** Ends it at once, and for good. */
  drop(code?: number, reason?: string): void
}

/** Begins one. Whatever happens is told later, never within this call. */
export function beginDial(
  route: Route,
  generation: number,
  { request, routes }: Pick<KeeperOptions, 'request' | 'routes'>,
  clock: Clock,
  tell: (news: LineNews) => void,
): Dial {
  const controller = new AbortController()
  const { signal } = controller
  let line: Line | null = null
  let openingAt = clock.now()

  const hear = (news: LineNews): void => {
    if (signal.aborted) return
    if (news.type === 'end') controller.abort()
    tell(news)
  }
  const fail = (verdict: Verdict, reason: string): void =>
    hear({ type: 'end', end: { ...broken(reason), verdict } })

  async function open(): Promise<void> {
    const asked = await request(route.driver.transport, signal)
    if (signal.aborted) return
    const url = asked.url ?? route.url
    if (!url) return fail('fatal', 'neither the endpoints nor the request name a URL')
    if (asked.token !== null && !routes.allows(url)) {
      return fail('fatal', `${url.origin} is no endpoint: no token goes there`)
    }
    openingAt = clock.now()
    try {
      line = route.driver.open({ ...asked, url }, { clock, tell: hear })
    } catch (error) {
      fail('fatal', error instanceof Error ? error.message : String(error))
    }
  }
  open().catch((error: unknown) => {
    const isRefused = isHoldfastError(error, 'unauthorized')
    // What was thrown may hold a secret; it is the owner's own, and he knows it.
    fail(isRefused ? 'needs-auth' : 'again', 'what to open it for could not be had')
  })

  return {
    route,
    generation,
    get line() {
      return line
    },
    get openingAt() {
      return openingAt
    },
    drop(code, reason) {
      if (signal.aborted) return
      controller.abort()
      line?.drop(code, reason)
    },
  }
}
