/** A form with a draft, outside of any page: a store that can be looked at and can refuse. */
import { effectScope, nextTick, shallowRef } from 'vue'
import { createContext } from '../../src/vue/index.js'
import { localDrafts, useDraft, type UseDraftOptions } from '../../src/vue/drafts.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

/** What browsers have: texts under keys, and refusals. */
export function createStorage() {
  const texts = new Map<string, string>()
  const box = { refusal: null as DOMException | null, texts }
  const meet = () => {
    if (box.refusal) throw box.refusal
  }
  const storage = {
    get length() {
      meet()
      return texts.size
    },
    key: (at: number) => [...texts.keys()][at] ?? null,
    getItem(key: string) {
      meet()
      return texts.get(key) ?? null
    },
    setItem(key: string, text: string) {
      meet()
      texts.set(key, text)
    },
    removeItem(key: string) {
      meet()
      texts.delete(key)
    },
  }
  return Object.assign(box, { storage, store: localDrafts(storage) })
}

/** The form of an order. */
export interface OrderForm {
  item: string
  qty: number
  note: string | null
  password: string
  card: { holder: string; number: string }
  lines: string[]
}

export const blank = (): OrderForm => ({
  item: '',
  qty: 1,
  note: null,
  password: '',
  card: { holder: '', number: '' },
  lines: [],
})

type Options = Partial<UseDraftOptions<OrderForm>>

/** One page after the other over the same storage; each ends by its `close`. */
export function createDraftRig() {
  const box = createStorage()
  const fixed = fixedHoldfast({})
  return {
    ...box,
    box,
    clock: fixed.clock,
    text: () => [...box.texts.values()].join('\n'),
    /** Opens the form as this person. */
    open(person: string | null = 'ann', options: Options = {}) {
      const scope = shallowRef(person)
      const context = createContext({ connections: fixed.connections, status: fixed.status })
      const effects = effectScope()
      const draft = effects.run(() =>
        useDraft<OrderForm>({ name: 'order', scope, initial: blank, store: box.store, context, ...options }),
      )!
      return {
        ...draft,
        scope,
        close: () => effects.stop(),
        /** Types, and lets the time pass in which it is written. */
        async type(values: Partial<OrderForm>, ms = 300) {
          Object.assign(draft.values, values)
          await nextTick()
          if (ms > 0) await fixed.clock.advance(ms)
        },
      }
    },
  }
}
