/** The person leaves: nothing of theirs is sent or shown any more, in no tab, and they have said what becomes of it. */
import { badOption } from '../core/errors.js'
import { func, oneOf, optional, readOptions } from '../core/options.js'
import { transition } from './action-state.js'
import type { Action } from './action.js'
import { signOutsOf } from './canary.js'
import type { Shelf } from './shelf.js'
import type { Edit } from './writer.js'

/** What becomes of the actions of the one who leaves. */
export interface SignOut {
  /**
   * `keep`: they stay on this device, hidden, and go on when the same person signs in again. `export`: `save` gets
   * them, and when it has resolved they are erased. `erase`: they are erased.
   */
  readonly actions: 'keep' | 'export' | 'erase'
  /** Takes care of what is exported. If it rejects, everything is kept, and `signOut` rejects the same. */
  readonly save?: (actions: readonly Action[]) => unknown
}

/** What signing out needs. */
export interface SignOutPorts {
  readonly shelf: Pick<Shelf, 'mirror' | 'writer' | 'aside' | 'reload' | 'say'>
  /** Resolves when the queue knows its actions. */
  ready(): Promise<void>
  /** Sends nothing more, and aborts what is in flight. */
  cancel(): void
  /** Stops, and shows nothing more. */
  hide(): void
}

/** Makes `signOut`. */
export function createSignOut(ports: SignOutPorts): (how: SignOut) => Promise<void> {
  const { shelf, ready, cancel, hide } = ports
  const { mirror, writer } = shelf

  /** From here on no tab claims or accepts anything of this person: each asks the store right before (I14). */
  const close = (edit: Edit) => {
    edit.meta = { ...edit.meta, signOuts: signOutsOf(edit.meta) + 1 }
  }

  /** Whatever is `sending` was aborted, here or in the other tab: whether it was applied is not known. */
  const erase = (edit: Edit) => {
    for (const row of [...mirror.rows])
      edit.end(row, { outcome: row.state.name === 'sending' ? 'unconfirmed' : 'discarded' })
    for (const position of shelf.aside) edit.erase(position)
  }

  const found = () => mirror.rows.map((row) => transition(row, { type: 'FOUND' }) ?? row)

  return async (how) => {
    const { actions, save } = checkSignOut(how)
    cancel()
    try {
      await ready()
      await writer.commit({ durability: 'strict', evenOver: true, work: close })
      shelf.say('signed-out')
      if (actions === 'keep') return
      await shelf.reload()
      if (actions === 'export') await save!(found())
      await writer.commit({ durability: 'strict', evenOver: true, work: erase })
    } finally {
      hide()
    }
  }
}

const HOW = {
  actions: oneOf(['keep', 'export', 'erase']),
  save: optional(func()),
}

function checkSignOut(how: SignOut): SignOut {
  const { actions, save } = readOptions('signOut', how, HOW)
  if ((typeof save === 'function') !== (actions === 'export'))
    throw badOption('signOut.save', save, 'a function, with actions: "export" and only then')
  return how
}
