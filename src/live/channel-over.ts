/** A channel over whatever keeps its line: the parts, and what of one concerns the others. */
import type { Stop } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import type { FactSource } from '../core/facts.js'
import { isDown, type ConnectionEvent } from '../core/state.js'
import { findFetch } from './asking.js'
import { createChannelNews } from './channel-news.js'
import type { ChannelSettings } from './channel-options.js'
import { channelStateOf, type ChannelState } from './channel-state.js'
import { createDelivery } from './delivery.js'
import type { DurableOptions, DurableSent } from './durable-port.js'
import { createFollowing, type TopicOptions } from './following.js'
import type { Keeper, KeeperNews, KeeperOptions } from './keeper-state.js'
import { createLines } from './lines.js'
import type { SendOptions } from './message.js'
import { createNeeds } from './needs.js'
import { createPosting } from './posting.js'
import { createRestoring } from './restoring.js'
import { createResync, type ResyncStep } from './resync.js'
import type { Routes } from './routes.js'
import { BY_REQUEST, createSender, type Sent } from './sender.js'
import { createSubscriptions } from './subscriptions.js'
import { isolated } from './isolated.js'

/** A live channel. It also is a source of facts for the status. Does nothing until `open()`. */
export interface Channel extends FactSource {
  readonly state: ChannelState
  /** Frames that were not understood: of unknown types, which a later version may know, and malformed ones. */
  readonly ignored: { readonly unknown: number; readonly malformed: number }
  /** Calls after each change of `state`. */
  onChange(listener: (state: ChannelState) => void): Stop
  /**
   * What has to be done after a gap, a reset or a lost session; nothing new is told before it is done. It is called
   * once for all that was found together, and again after 1 and 2 s if it rejects or takes 30 s.
   */
  onResync(step: ResyncStep): Stop
  /** Opens it; a channel closed by hand stays closed until then. Returns the `close` of this opening. */
  open(): Stop
  /**
   * Closes it, and ends every promise. Topics stay, with their cursors: `open()` goes on where it was. When its person
   * signs out (`connection.signedOut()`) it closes by itself, and the next `open()` begins at the present;
   * while it is closed it does not hear of that: for another person make another channel.
   */
  close(): void
  /** A person asks for an attempt. */
  retryNow(): void
  /** Follows a topic until the returned stop. Several who follow the same one share it. @throws `bad-option` */
  topic(name: string, options: TopicOptions): Stop
  /**
   * Sends a message; resolves when the server has it. Rejects `channel-full`, `expired`, `replaced`, `link-down` (a
   * `drop` while the channel is not live), `rejected`, `unauthorized`, `stopped` (closed), `signed-out`,
   * `maybe-committed` (sent, and nobody knows) or `bad-option`.
   */
  send(topic: string, data: unknown, options?: SendOptions): Promise<Sent>
  /**
   * With `durable`, open or not: keeps the message in the queue, from where it is sent in its turn, also after a reload.
   * Resolves when the server has it. Rejects as the queue does when nothing could be kept, and as its action ends.
   */
  send(topic: string, data: unknown, options: DurableOptions): Promise<DurableSent>
}

/** What a channel is made over. */
export interface ChannelPorts {
  readonly createKeeper: (options: KeeperOptions) => Keeper
  readonly routes: Routes
  /** Where messages are posted to, beside streams and polls. */
  readonly sends: readonly URL[]
}

/** Makes a channel. */
export function createChannelOver(
  settings: ChannelSettings,
  { createKeeper, routes, sends }: ChannelPorts,
): Channel {
  const { connection, onSessionLost, schedule, dialTimeoutMs, heartbeat, window } = settings
  const { clock } = connection
  const news = createChannelNews()
  const subscriptions = createSubscriptions()
  const ignored = { unknown: 0, malformed: 0 }
  /** What ends with `close()`; null: it is closed. */
  let stops: readonly Stop[] | null = null

  const sender = createSender({
    connection,
    limits: settings,
    maxFrameBytes: settings.maxFrameBytes,
    onChange: () => changed(),
    onDeaf: () => lines.reopen('an acknowledgement is missing'),
  })
  const durable = settings.durable?.join({ clock, sender, onWaiting: changed })
  const resync = createResync({
    connection,
    isRestored,
    onDone: () => restoring.look(),
    release: () => delivery.release(),
  })
  const following = createFollowing({ clock, subscriptions, resync, onChange: () => changed() })
  const delivery = createDelivery({
    resync: () => resync,
    tell: (frame, told) => following.tell(frame.topic, told, frame),
    onOverflow: () => lines.reopen('more came than is held'),
  })
  const lines = createLines({
    ...{ connection, subscriptions, sender },
    ...{ framesPerS: settings.framesPerS, maxFrameLength: settings.maxFrameLength },
    keeper: () => keeper,
    onTopic: delivery.take,
    onTold: (all) => all.forEach((told) => following.tell(told.topic, told)),
    onSession: (now) => (now === 'known' ? void news.setSession('kept') : lost()),
    onRefused: following.refuse,
    onUse: () => changed(),
    onRestored() {
      resync.look()
      restoring.look()
    },
    onIgnored: (why) => void (ignored[why] += 1),
  })
  const posting = createPosting({
    ...{ connection, sender, urls: sends, schedule },
    fetch: () => findFetch('channel', settings.fetch),
    onSessionLost: lost,
  })
  // What is undefined is its default.
  const given = { dialTimeoutMs, heartbeat, window } as Pick<
    KeeperOptions,
    'dialTimeoutMs' | 'heartbeat' | 'window'
  >
  const keeper = createKeeper({ ...given, connection, routes, request: lines.request, tell: hear, schedule })
  const needs = createNeeds(keeper)
  /** A line with a backoff, a ticket or a sign-in before it is not waited for. */
  const isOut = () => ['backoff', 'auth', 'fatal'].includes(keeper.state.name)
  const isDone = () => subscriptions.size === 0 || isOut() || (isRestored() && resync.isDone)
  const restoring = createRestoring(clock, isDone)

  /** Of a session that is lost there is nothing to restore. */
  function isRestored(): boolean {
    return news.session === 'kept' && lines.isRestored
  }

  function hear(what: KeeperNews): void {
    if (what.type === 'state') {
      show()
      return restoring.look()
    }
    if (what.type !== 'alive') lines.hear(what)
  }

  const show = (): void => news.setState(channelStateOf(keeper.state, connection.state))

  /** Topics or messages have come or gone. */
  function changed(): void {
    const isOpen = stops !== null
    durable?.look()
    needs.set({
      subscribed: isOpen && subscriptions.size > 0,
      unacknowledged: isOpen && (sender.size > 0 || durable?.isWaiting === true),
    })
    if (!isOpen) return
    lines.pump()
    posting.pump()
    restoring.look()
  }

  /** The application signs in again; what it has to do besides is done once it has, before anything new is told. */
  function lost(): void {
    if (!news.setSession('lost')) return
    resync.owe({ type: 'session' })
    if (onSessionLost) isolated(onSessionLost)
  }

  function onConnection(_state: unknown, { type }: ConnectionEvent): void {
    if (type === 'SIGNED_OUT') return signedOut()
    show()
    if (type === 'REFRESHED' || type === 'SIGNED_IN') lines.renew(type === 'REFRESHED')
    // What may not wait does not.
    if (isDown(connection.state.link) && sender.door?.line === BY_REQUEST)
      sender.tell({ type: 'lost', on: Number.NaN })
    posting.pump()
  }

  /** What is open is the person's who leaves, and so is what waits (I15). */
  function signedOut(): void {
    end('signed-out')
    subscriptions.forget()
  }

  function send(topic: string, data: unknown, options?: SendOptions): Promise<Sent>
  function send(topic: string, data: unknown, options: DurableOptions): Promise<DurableSent>
  async function send(topic: string, data: unknown, options?: SendOptions | DurableOptions) {
    if (durable && options?.policy === 'durable') return durable.send(topic, data, options)
    if (!stops) throw new HoldfastError('stopped', 'the channel is not open')
    return sender.send(topic, data, options as SendOptions)
  }

  const close = (): void => end('stopped')

  function end(code: 'stopped' | 'signed-out'): void {
    if (!stops) return
    for (const stop of [...stops].reverse()) stop()
    stops = null
    lines.drop()
    keeper.stop()
    posting.stop()
    sender.stop(code)
    resync.stop()
    delivery.clear()
    changed()
    show()
  }

  return {
    get state() {
      return news.state
    },
    ignored,
    subscribe: news.subscribe,
    onChange: news.onChange,
    onResync: resync.add,
    open() {
      if (!stops) {
        stops = [connection.subscribe(onConnection), connection.onRecovered(restoring.step), following.stop]
        changed()
      }
      // Nothing, but for a keeper that is closed or has failed.
      keeper.start()
      show()
      const own = stops
      return () => {
        if (own === stops) close()
      }
    },
    close,
    retryNow: () => keeper.retryNow(),
    topic: following.topic,
    send,
  }
}
