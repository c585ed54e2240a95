/** Where a body breaks off: after so many bytes, by the faults `reset` and `truncate`. */
import type { Bytes } from './answer.js'
import type { FaultBook, Target } from './fault-book.js'
import type { RequestFault } from './faults.js'

/** How far a body has come, and how far it may come. */
export interface BodyCut {
  /** From here on this fault counts; else from where it is first met. */
  countFrom(fault: RequestFault): void
  /** What arrives of a piece, and which fault ends the body with it; null: none. */
  take(target: Target, piece: Bytes, isLast: boolean): { readonly piece: Bytes; readonly by: CutFault | null }
}

/** A fault that ends a body. */
export type CutFault = 'reset' | 'truncate'

/** Of a body of which nothing has come. */
export function createBodyCut(book: FaultBook): BodyCut {
  const bases = new Map<RequestFault, number>()
  let received = 0

  const first = (target: Target): { readonly at: number; readonly by: CutFault | null } => {
    let cut: { at: number; by: CutFault | null } = { at: Infinity, by: null }
    for (const fault of book.striking(target, 'truncate', 'reset')) {
      if (fault.type !== 'truncate' && fault.type !== 'reset') continue
      const base = bases.get(fault) ?? received
      bases.set(fault, base)
      const at = fault.type === 'truncate' ? fault.bytes : base + (fault.afterBytes ?? 0)
      if (at < cut.at) cut = { at, by: fault.type }
    }
    return cut
  }

  return {
    countFrom: (fault) => void bases.set(fault, received),
    take(target, piece, isLast) {
      const { at, by } = first(target)
      const left = Math.max(0, at - received)
      // What ends exactly where it would be cut is whole.
      const isCut = piece.length > left || (piece.length === left && !isLast)
      const arrived = isCut ? piece.subarray(0, left) : piece
      received += arrived.length
      return { piece: arrived, by: isCut ? by : null }
    },
  }
}
