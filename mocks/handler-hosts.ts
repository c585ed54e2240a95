/** Which hosts an application's handlers are for. */
import { RequestHandler, type AnyHandler } from 'msw'

/** The hosts that handlers name; one without a host is of the page's own. */
export function hostsOf(handlers: readonly AnyHandler[]): readonly string[] {
  const base = globalThis.location?.href
  const paths = handlers.flatMap((one) =>
    one instanceof RequestHandler ? (one.info as { path?: unknown }).path : [],
  )
  const urls = paths.filter(
    (path): path is string => typeof path === 'string' && !path.startsWith('*') && URL.canParse(path, base),
  )
  return [...new Set(urls.map((path) => new URL(path, base).host))]
}
