/** What one run of the workload leaves behind, as plain data, so that a page can hand it out. */

/** Something was so from this moment on, in ms since the scenario's start. */
export interface Moment {
  readonly atMs: number
  /** A state of the link with its cause, or a phase. */
  readonly what: string
}

/** One request of the workload. */
export interface RequestTrace {
  readonly number: number
  readonly method: string
  /** How often it was handed to the network. */
  readonly attempts: number
  /** The class of its outcome, with ` (replayed)` for a stored answer; `pending`: it has not settled. */
  readonly outcome: string
  /** When it settled; null: not yet. */
  readonly settledMs: number | null
}

/** One run. */
export interface Trace {
  readonly links: readonly Moment[]
  readonly phases: readonly Moment[]
  readonly requests: readonly RequestTrace[]
  /** When something was handed to the network: probes and attempts, with what it was. */
  readonly departures: readonly Moment[]
}

/** When something that is compared happened, in order. */
export function instantsOf({ links, phases, requests }: Trace): readonly number[] {
  const settled = requests.flatMap(({ settledMs }) => settledMs ?? [])
  return [...[...links, ...phases].map(({ atMs }) => atMs), ...settled].sort((one, other) => one - other)
}

/** What was known at that instant. */
export function upTo({ links, phases, requests, departures }: Trace, untilMs: number): Trace {
  const before = (list: readonly Moment[]) => list.filter(({ atMs }) => atMs <= untilMs)
  return {
    links: before(links),
    phases: before(phases),
    departures: before(departures),
    requests: requests.map((request) =>
      (request.settledMs ?? Infinity) <= untilMs ? request : { ...request, ...PENDING },
    ),
  }
}

const PENDING = { attempts: 0, outcome: 'pending', settledMs: null }
