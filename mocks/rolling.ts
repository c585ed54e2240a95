/** A rolling deploy: several instances behind a gateway, replaced one after the other. */
import type { RollingRestart } from './restarts.js'
import type { Draining, Ending, Gone, News } from './service-news.js'

/** The instances behind a gateway. */
export interface Instances {
  /** The boot id of the one that takes the request or the socket of this number. */
  route(id: number): string
}

/** What a rolling deploy is played with. */
export interface RollingPorts {
  /** Runs after so many ms, unless the deploy is stopped. */
  readonly after: (ms: number, run: () => void) => void
  /** The boot id of a process that begins now. */
  readonly newBoot: () => string
  readonly draining: News<Draining>
  readonly ending: News<Ending>
  readonly gone: News<Gone>
}

/**
 * Begins one; `first` is the instance that everything open is on. It is the first to go.
 */
export function rollOver(
  { instances, drainMs, downMs }: RollingRestart,
  first: string,
  { after, newBoot, draining, ending, gone }: RollingPorts,
): Instances {
  const old = [first, ...Array.from({ length: instances - 1 }, newBoot)]
  /** Those that the gateway sends anything to. */
  let serving: readonly string[] = old

  const replace = (place: number): void => {
    const of = old[place]
    if (of === undefined) return
    const told = { retryAfterMs: 0, of }
    serving = serving.filter((boot) => boot !== of)
    draining.tell(told)
    after(drainMs, () => {
      ending.tell(told)
      after(0, () => gone.tell({ ...told, answers: false }))
      after(downMs, () => {
        serving = [...serving, newBoot()]
        replace(place + 1)
      })
    })
  }
  replace(0)
  // At least one of two serves at any time.
  return { route: (id) => serving[id % serving.length] ?? first }
}
