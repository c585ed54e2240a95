/** What a person may do with an action: try again, change, throw away. Each is one transaction. */
import type { Clock, Random } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import { createKey } from '../core/key.js'
import { transition } from './action-state.js'
import { isNeverSent, type Action } from './action.js'
import type { Features } from './feature.js'
import { followersOf, letGo, placesAfter } from './let-go.js'
import { isTooOld, needsPerson, type LineRules } from './line-up.js'
import type { Mirror } from './mirror.js'
import type { Edit, Writer } from './writer.js'

/** What an edit may change. */
export interface ActionChange {
  /** Default: as it was. */
  readonly payload?: unknown
  /** Default: as it was. */
  readonly label?: string
}

/** The person's side of a queue. Each rejects `not-changeable` if the action is gone or in the wrong state. */
export interface Hands {
  /**
   * Tries a failed, a conflicting or an unconfirmed action again, at the end of its lane and with its key. An
   * unconfirmed one whose key does not protect it (not honoured, too old) is refused: see `sendAgain`.
   */
  retry(id: string): Promise<void>
  /** Tries all failed ones again; resolves with how many. */
  retryFailed(): Promise<number>
  /** Lets an action go that is not being sent. Those that had to follow it become `failed`, `depends`. */
  discard(id: string): Promise<void>
  /**
   * Lets everything go that waits or needs a person; resolves with how many. What is being sent, or will be
   * sent again because it may have been applied, is left alone: its outcome is still to come.
   */
  discardAll(): Promise<number>
  /**
   * Changes an action that was never sent, in its place. A failed or conflicting one is replaced by a new
   * action with a new key, at the end of its lane. Resolves with the id that it has now.
   */
  edit(id: string, change: ActionChange): Promise<string>
  /** For an unconfirmed one: send it as a new action with a new key; it may then be done twice. */
  sendAgain(id: string): Promise<string>
  /**
   * For a conflicting one: send it over what the server has, as a new action with a new key at the end of its
   * lane; its handler sees `override`. The other answers to a conflict are `discard` and `edit`.
   */
  override(id: string): Promise<string>
  /** For an unconfirmed one: the person has seen that it was saved. */
  markSaved(id: string): Promise<void>
}

/** What the hands need. */
export interface HandPorts {
  readonly clock: Clock
  readonly random: Random
  readonly writer: Writer
  readonly mirror: Mirror
  readonly features: Features
  rules(): LineRules
  /** Resolves when the queue knows its actions. */
  ready(): Promise<void>
}

/** Makes the person's side. */
export function createHands(ports: HandPorts): Hands {
  const { clock, random, writer, mirror, features } = ports

  /** Runs `work` on the action as the store has it, together with those that have to follow it. */
  const onAction = async <Result>(
    id: string,
    durability: 'strict' | 'relaxed',
    work: (edit: Edit, row: Action, followers: readonly Action[]) => Result,
  ): Promise<Result> => {
    await ports.ready()
    const known = mirror.byId(id)
    if (!known) throw refusal(id)
    return writer.commit({
      durability,
      positions: () => [known.position, ...placesAfter(mirror.rows, id)],
      work(edit) {
        const row = edit.row(known.position)
        if (row?.id !== id) throw refusal(id)
        return work(edit, row, followersOf(edit, mirror.rows, id))
      },
    })
  }

  const replace = (edit: Edit, row: Action, fresh: Partial<Action>, followers: readonly Action[]): string => {
    const id = createKey(clock, random)
    const key = createKey(clock, random)
    const unsent = {
      firstSentAt: null,
      attempts: 0,
      claim: null,
      expiresAt: null,
      override: false,
      resolved: 0,
      state: { name: 'queued' },
    } as const
    edit.end(row, { outcome: 'moved', to: id })
    edit.append(features.accept({ ...row, ...unsent, ...fresh, id, key }, edit))
    for (const follower of followers) {
      edit.put({ ...follower, after: follower.after.map((other) => (other === row.id ? id : other)) })
    }
    return id
  }

  const retry = (id: string) =>
    onAction(id, 'relaxed', (edit, row, followers) => {
      const rules = ports.rules()
      const old = isTooOld(row, rules)
      const unsafe = row.state.name === 'unconfirmed' && (old || !rules.honoursKeys(row.handler))
      const next = transition(row, { type: 'RETRY' })
      if (unsafe || !next || next === row) throw refusal(id)
      // It was refused and so not applied; its key has outlived its protection.
      if (old) return void replace(edit, row, {}, followers)
      edit.end(row, { outcome: 'moved', to: id })
      edit.append(next)
    })

  const discard = (id: string, concerns: (row: Action) => boolean) =>
    onAction(id, 'relaxed', (edit, row, followers) => {
      if (!concerns(row)) throw refusal(id)
      letGo(edit, row, followers)
    })

  const isNotSending = ({ state }: Action) => state.name !== 'sending'
  const hasNoOutcomeToCome = (row: Action) =>
    isNotSending(row) && (row.state.name !== 'unconfirmed' || needsPerson(row, ports.rules()))

  /** All that can be done, in as few transactions as there are turns. */
  const each = async (concerns: (action: Action) => boolean, act: (id: string) => Promise<void>) => {
    await ports.ready()
    const done = await Promise.allSettled(mirror.rows.filter(concerns).map(({ id }) => act(id)))
    return done.filter(({ status }) => status === 'fulfilled').length
  }

  return {
    retry,
    retryFailed: () => each(({ state }) => state.name === 'failed', retry),
    discard: (id) => discard(id, isNotSending),
    discardAll: () => each(hasNoOutcomeToCome, (id) => discard(id, hasNoOutcomeToCome)),

    async edit(id, change) {
      const taken = 'payload' in change ? await features.fit(features.copy(change.payload)) : {}
      const fresh = { ...taken, ...(change.label === undefined ? {} : { label: change.label }) }
      return onAction(id, 'strict', (edit, row, followers) => {
        const version = 'payload' in change ? features.version(row.handler) : (row.version ?? 1)
        if (isNeverSent(row)) {
          const edits = (row.edits ?? 0) + 1
          edit.put(features.accept({ ...row, ...fresh, version, edits }, edit))
          return id
        }
        if (row.state.name !== 'failed' && row.state.name !== 'conflict') throw refusal(id)
        return replace(edit, row, { ...fresh, version, createdAt: clock.now() }, followers)
      })
    },

    sendAgain: (id) =>
      onAction(id, 'strict', (edit, row, followers) => {
        if (row.state.name !== 'unconfirmed') throw refusal(id)
        return replace(edit, row, {}, followers)
      }),

    override: (id) =>
      onAction(id, 'strict', (edit, row, followers) => {
        if (row.state.name !== 'conflict') throw refusal(id)
        return replace(edit, row, { override: true }, followers)
      }),

    markSaved: (id) =>
      onAction(id, 'relaxed', (edit, row) => {
        if (row.state.name !== 'unconfirmed') throw refusal(id)
        edit.end(row, { outcome: 'confirmed', result: undefined })
      }),
  }
}

function refusal(id: string): HoldfastError {
  return new HoldfastError('not-changeable', `the action ${id} is gone, or not in the state for this`)
}
