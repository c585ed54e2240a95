/** A channel of the kit over a connection of its own, and what is told of it. */
import {
  createConnection,
  isHoldfastError,
  probe,
  type AuthPort,
  type Clock,
  type Connection,
  type Random,
  type Signal,
} from '../../../src/index.js'
import {
  createChannel,
  type Channel,
  type ChannelOptions,
  type ChannelState,
  type DialProbe,
  type TabsPort,
} from '../../../src/live/index.js'

/** Where those who take part run. */
export interface PlayWorld {
  readonly baseURL: string
  /** Of a second server, for those who know one. */
  readonly spareURL: string | null
  readonly clock: Clock
  /** Of the kit; each has chance of its own. */
  readonly random: Random
  readonly signals: readonly Signal[]
  readonly WebSocket: typeof globalThis.WebSocket
  readonly fetch: typeof globalThis.fetch
  /** How tabs hear of each other. Default: as in a browser. */
  readonly tabs?: TabsPort
}

/** Somebody who takes part. */
export interface Player {
  open(): void
  /** Says a message of this number. */
  say(number: number): void
  close(): void
}

/** What is told of a channel; each kind is in order, of two kinds at the same moment either may come first. */
export const TELLS = { state: 1, topic: 2, sent: 3, link: 4, auth: 5 } as const

/** Writes down what is told. */
export type Note = (tells: keyof typeof TELLS, what: string) => void

/** What a player is besides one of its world. */
export interface PlayerOptions {
  readonly auth: AuthPort
  /** Where it asks whether the service is there. Default: at its home. */
  readonly healthURL?: string
  /** What asks it in place of a request: the channel's own dial. */
  readonly dial?: DialProbe
  readonly channel: Partial<ChannelOptions>
  /**
   * Whether suspicions of the link are told. Where only a dial fails its end and the answer of the health check race:
   * there are as many as come first. Default: true.
   */
  readonly tellsSuspicions?: boolean
  /** Its session is lost. `signedIn` is called once there is another one. */
  readonly onSessionLost?: (signedIn: () => void) => void
}

/** Makes one; it begins with `open`. */
export function createPlayer(world: PlayWorld, name: string, note: Note, options: PlayerOptions): Player {
  const { baseURL, clock, signals, fetch } = world
  const { auth, healthURL = baseURL, dial, onSessionLost, tellsSuspicions = true } = options
  const random = world.random.fork(name)
  const roll = random.next()
  const connection = createConnection({
    probe: dial ?? probe(`${healthURL}/health`, { fetch }),
    ...{ signals, clock, auth },
    // Suspicions race, and so do health checks, each of which draws: how long a channel waits next must not hang on how
    // many there were. Keys have chance of their own.
    random: { ...random, next: () => roll, bytes: random.fork('keys').bytes },
  })
  const channel = createChannel({
    ...{ connection, url: `${baseURL}/`, fetch, window: null },
    ...(onSessionLost && {
      onSessionLost() {
        note('auth', 'session lost')
        onSessionLost(() => connection.signedIn())
      },
    }),
    ...options.channel,
  })
  watchChanges(connection, channel, note, (what) => tellsSuspicions || !what.startsWith('suspect'))
  follow(channel, note)
  return {
    open() {
      connection.start()
      channel.open()
    },
    say(number) {
      channel.send('chat', { by: name, number }).then(
        () => note('sent', `${number} acknowledged`),
        (error: unknown) => note('sent', `${number} ${isHoldfastError(error) ? error.code : String(error)}`),
      )
    },
    close() {
      channel.close()
      connection.stop()
    },
  }
}

function follow(channel: Channel, note: Note): void {
  channel.topic('chat', {
    onResumed: () => note('topic', 'resumed'),
    onGap: ({ from, to }) => note('topic', `a gap of ${to - from + 1}`),
    onReset: () => note('topic', 'reset'),
    onEvent({ data }) {
      // What channels say themselves comes in whichever order they are back.
      const { n } = data as { readonly n?: number }
      if (n !== undefined) note('topic', `message ${n}`)
    },
  })
}

function watchChanges(
  connection: Connection,
  channel: Channel,
  note: Note,
  isTold: (what: string) => boolean,
): void {
  const last = { state: '', link: '', auth: '' }
  const changed = (tells: keyof typeof last, what: string) => {
    if (last[tells] === what || !isTold(what)) return
    note(tells, what)
    last[tells] = what
  }
  channel.onChange((state) => changed('state', nameOf(state)))
  connection.subscribe(({ link, auth }) => {
    changed('link', 'cause' in link && link.cause ? `${link.name} (${link.cause})` : link.name)
    changed('auth', auth)
  })
}

const nameOf = (state: ChannelState): string =>
  state.name === 'live' ? `live over ${state.transport}` : state.name
