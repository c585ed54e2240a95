/** A request by the name that its application has given to its route: an address is never written down. */
import { badOption } from '../core/errors.js'

/** A request as it may be written down. */
export interface Named {
  readonly method: string
  readonly route: string | null
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Refuses what is no list of paths. */
export function checkRoutes(routes: unknown): void {
  const isPath = (given: unknown) => typeof given === 'string' && /^\/[^?#*]*\*?$/.test(given)
  if (Array.isArray(routes) && routes.every(isPath)) return
  throw badOption('createRecorder.routes', routes, 'a list of paths such as "/orders" or "/orders/*"')
}

/** Makes the namer for these routes; it takes a method and an address, as a line of the log has them. */
export function createNamer(routes: readonly string[]): (request: string) => Named {
  return (request) => {
    const [method = '', address = ''] = request.split(' ', 2)
    const path = pathOf(address)
    return {
      method: METHODS.includes(method) ? method : 'OTHER',
      route: routes.find((route) => fits(route, path)) ?? null,
    }
  }
}

/** The language of the simulator's limits: the whole path, or, with a star at the end, its beginning. */
const fits = (route: string, path: string): boolean =>
  route.endsWith('*') ? path.startsWith(route.slice(0, -1)) : path === route

const pathOf = (address: string): string =>
  URL.canParse(address, 'http://relative.invalid') ? new URL(address, 'http://relative.invalid').pathname : ''
