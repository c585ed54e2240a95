/** The sending side of a queue: opens what is kept, asks to be the one who sends, and sends while it is. */
import { sleep } from '../core/clock.js'
import { createKey } from '../core/key.js'
import { createDrain, type Drain } from './drain.js'
import type { Features } from './feature.js'
import { noRivals, webLocks } from './lock.js'
import type { QueuePolicy } from './options.js'
import { createSender, type Sender } from './sender.js'
import type { Shelf } from './shelf.js'
import type { View } from './view.js'

/** How long to wait before a store that would not be read or written is asked again. */
const AGAIN_MS = 1_000

/** What the duty needs. */
export interface DutyPorts {
  readonly policy: QueuePolicy
  readonly shelf: Shelf
  readonly view: View
  readonly features: Features
  /** Resolves when the queue knows its actions. */
  ready(): Promise<void>
  onChange(): void
  /** The person has signed out. */
  onOver(): void
}

/** On or off. */
export interface Duty {
  /** Whether this tab is the one who sends. */
  readonly isSender: boolean
  /** Until when the server asked to wait (epoch ms); null: it did not. */
  readonly pausedUntil: number | null
  start(): void
  /** Enough is known to begin with; does nothing while off. */
  send(): void
  /** Something has changed: looks for something to do. */
  look(): void
  /** What the one who sends has said: it has let go, or it is there. */
  hear(said: 'free' | 'here'): void
  /** Asks to be the one who sends; does nothing while off. */
  ask(): void
  /** Lets another tab send. */
  leave(): void
  stop(): void
}

/** Makes the sending side, off. */
export function createDuty(ports: DutyPorts): Duty {
  const { policy, shelf, view, features, onChange } = ports
  const { connection, scope } = policy
  const { clock, random } = connection
  const owner = createKey(clock, random)
  /** Ends with `stop`: whatever was begun before has no effect after it. Null: off. */
  let life: AbortController | null = null
  let sender: Sender | null = null
  let drain: Drain | null = null

  async function begin({ signal }: AbortController): Promise<void> {
    for (let open = false; !open;) {
      open = await shelf.open().then(
        () => true,
        () => false,
      )
      if (!open) await sleep(clock, AGAIN_MS, signal).catch(() => {})
      if (signal.aborted) return
    }
    send()
  }

  function send(): void {
    if (!life || drain) return
    drain = createDrain({
      ...policy,
      ...features,
      features,
      writer: shelf.writer,
      sender: () => sender,
      heads: () => view.lineUp().heads.filter(shelf.isSure),
      reread: shelf.reread,
      ready: ports.ready,
      onChange,
    })
    ask()
  }

  function ask(): void {
    if (!life || sender) return
    const lock = shelf.sharedAs === null ? noRivals : webLocks(clock)
    sender = createSender({
      connection,
      shelf,
      owner,
      lock: policy.lock === undefined ? lock : policy.lock,
      lockName: `holdfast:${shelf.sharedAs}:${scope}`,
      isInFlight: (position) => drain?.isInFlight(position) ?? false,
      wanted: view.isBusy,
      onChange,
      onOver: ports.onOver,
    })
    onChange()
  }

  function leave(): void {
    sender?.stop()
    sender = null
    onChange()
  }

  return {
    get isSender() {
      return Boolean(sender?.term)
    },
    get pausedUntil() {
      return drain?.pausedUntil ?? null
    },
    start() {
      life = new AbortController()
      void begin(life)
    },
    send,
    look() {
      sender?.want()
      drain?.pump()
    },
    hear: (said) => sender?.hear(said),
    ask,
    leave,
    stop() {
      life?.abort()
      life = null
      drain?.stop()
      drain = null
      leave()
    },
  }
}
