/** Messages of all tabs on their way over the one line. Each tab keeps its own until they are acknowledged. */
import { isHoldfastError } from '../core/errors.js'
import type { Channel } from './channel-over.js'
import type { Said } from './tab-said.js'

/** What it is made with. */
export interface TabSendsPorts {
  readonly send: Channel['send']
  /** An answer for one tab. */
  readonly tell: (tab: string, frame: object) => void
  /** A message of this tab has come to nothing, and is not refused: it may be sent again. */
  readonly onNothing: (tab: string) => void
}

/** Messages on their way. */
export interface TabSends {
  /**
   * Under the id that its tab has given it, so that the server knows it whoever leads. What is lost with a socket is not
   * repeated from here: its tab does that. Requests are.
   */
  send(tab: string, message: Said & { readonly type: 'SEND' }, isSocket: boolean): void
}

/** None. */
export function createTabSends({ send, tell, onNothing }: TabSendsPorts): TabSends {
  /** By id: a tab that says one twice is answered once. */
  const onTheWay = new Set<string>()

  return {
    send(tab, { id, topic, data }, isSocket) {
      if (onTheWay.has(id)) return
      onTheWay.add(id)
      send(topic, data, { id, policy: isSocket ? 'drop' : 'keep' }).then(
        ({ offset }) => {
          onTheWay.delete(id)
          tell(tab, { type: 'ACK', id, offset })
        },
        (error: unknown) => {
          onTheWay.delete(id)
          const isRefused = isHoldfastError(error, 'rejected') || isHoldfastError(error, 'bad-option')
          if (isRefused) tell(tab, { type: 'ERROR', code: 'rejected', detail: error.message, id })
          else onNothing(tab)
        },
      )
    },
  }
}
