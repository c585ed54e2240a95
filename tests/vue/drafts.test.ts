/** Forms that survive (B10): what is kept, for whom, and what is said when it is not. */
import fc from 'fast-check'
import { effectScope, nextTick } from 'vue'
import { expect, test } from 'vitest'
import { createConnection, createStatus } from '../../src/index.js'
import { forgetDrafts, useDraft } from '../../src/vue/drafts.js'
import { createContext } from '../../src/vue/index.js'
import { keepable, restorable } from '../../src/vue/draft/keeping.js'
import { keyOf } from '../../src/vue/draft/store.js'
import { blank, createDraftRig } from './draft-rig.js'

const DAY_MS = 86_400_000

test('B10 what somebody typed is there again after a reload, and the form says since when it is kept', async () => {
  const { open, clock } = createDraftRig()
  const first = open()
  expect(first.state.value).toEqual({ name: 'untouched' })
  await first.type({ item: 'Rye bread', note: 'sliced', lines: ['a', 'b'] })
  const keptAt = clock.now()
  expect(first.state.value).toEqual({ name: 'kept', at: keptAt, omitted: [] })
  await clock.advance(5_000)
  first.close()

  const second = open()
  expect(second.values).toEqual({ ...blank(), item: 'Rye bread', note: 'sliced', lines: ['a', 'b'] })
  expect(second.found.value).toEqual({ name: 'restored', savedAt: keptAt })
  expect(second.state.value).toEqual({ name: 'kept', at: keptAt, omitted: [] })
  expect(second.isDirty.value).toBe(true)
})

test('B10 a change is written within 300 ms, however fast somebody types on, and at once when the form goes', async () => {
  const { open, text } = createDraftRig()
  const form = open()
  for (let key = 1; key <= 5; key++) {
    await form.type({ note: 'x'.repeat(key) }, 100)
    expect(text().includes('xxx')).toBe(key >= 3)
    if (key === 4) expect(form.state.value).toEqual({ name: 'changed' })
  }
  await form.type({ note: 'the last words' }, 0)
  form.close()
  expect(text()).toContain('the last words')
})

test('B10 another person never sees it: not after signing in at the same page, nor after a reload', async () => {
  const { open, texts } = createDraftRig()
  const form = open('ann')
  await form.type({ note: 'for Ann alone' })
  form.scope.value = 'bob'
  expect(form.values).toEqual(blank())
  expect(form.found.value).toEqual({ name: 'nothing' })
  await form.type({ note: 'Bob’s' })
  expect([...texts.keys()]).toEqual([keyOf('ann', 'order'), keyOf('bob', 'order')])
  expect(texts.get(keyOf('bob', 'order'))).not.toContain('Ann')
  form.close()

  expect(open('bob').values.note).toBe('Bob’s')
  expect(open('ann').values.note).toBe('for Ann alone')
  expect(open('eve').values.note).toBe(null)
})

test('B10 I14 no name of a person or form leads to another person’s draft', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', ':', '%', '3A', '/', 'é') })
  fc.assert(
    fc.property(name, name, name, name, (scope, form, otherScope, otherForm) => {
      const isSame = scope === otherScope && form === otherForm
      expect(keyOf(scope, form) === keyOf(otherScope, otherForm)).toBe(isSame)
    }),
  )
})

test('B10 I14 nobody has no name: what is typed before somebody is known lies nowhere, whatever stands for nobody', async () => {
  const { open, texts } = createDraftRig()
  for (const nobody of [undefined, ''] as unknown as null[]) {
    const form = open('ann')
    form.scope.value = nobody
    form.close()
    const next = open(null)
    next.scope.value = nobody
    await next.type({ note: 'whose?' })
    expect([next.state.value, texts.size]).toEqual([{ name: 'not-kept', why: 'nobody' }, 0])
    next.close()
  }
  // And a session that has expired is told in as many ways.
  const form = open('ann')
  await form.type({ note: 'for Ann' })
  form.scope.value = undefined as unknown as null
  await form.type({ note: 'for Ann alone' })
  expect([...texts.keys()]).toEqual([keyOf('ann', 'order')])
  form.close()
})

test('ux-48 while nobody is signed in what is typed stays, and goes on being kept for whom it belongs to', async () => {
  const { open } = createDraftRig()
  const form = open('ann')
  await form.type({ note: 'before' })
  form.scope.value = null
  await form.type({ note: 'before and after' })
  expect(form.values.note).toBe('before and after')
  form.close()
  expect(open('ann').values.note).toBe('before and after')
})

test('B10 what was typed before it was known by whom goes over what that person has left, field by field', async () => {
  const { open } = createDraftRig()
  const before = open('ann')
  await before.type({ note: 'left here', item: 'Rye bread' })
  before.close()
  const form = open(null)
  await form.type({ item: 'Oat rolls' })
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'nobody' })
  form.scope.value = 'ann'
  expect(form.values).toMatchObject({ note: 'left here', item: 'Oat rolls' })
  expect(form.state.value.name).toBe('kept')
  form.close()
  expect(open('ann').values).toMatchObject({ note: 'left here', item: 'Oat rolls' })
})

test('I16 passwords, codes and cards are never written, whatever they are called in the page, and that is said', async () => {
  const { open, text } = createDraftRig()
  const form = open('ann', { except: ['card.holder'] })
  await form.type({
    note: 'kept',
    password: 'hunter2hunter2',
    card: { holder: 'A N Other', number: '4111111111111111' },
  })
  expect(form.state.value).toMatchObject({
    name: 'kept',
    omitted: ['password', 'card.holder', 'card.number'],
  })
  for (const secret of ['hunter2', 'Other', '4111']) expect(text()).not.toContain(secret)
  form.close()
  expect(open('ann').values).toEqual({ ...blank(), note: 'kept' })
})

test('I16 what is alone not to be kept is not kept, and nothing is', async () => {
  const { open, texts } = createDraftRig()
  const form = open()
  await form.type({ password: 'hunter2hunter2' })
  expect(form.state.value).toEqual({ name: 'untouched' })
  expect(form.isDirty.value).toBe(true)
  expect(texts.size).toBe(0)
})

test('B10 sent is let go; what was typed while it was being sent stays, and so does what could not be sent', async () => {
  const { open, texts } = createDraftRig()
  const form = open()
  await form.type({ note: 'one' })
  await expect(form.submit(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  expect([form.values.note, texts.size]).toEqual(['one', 1])
  await form.submit(async () => form.type({ note: 'one and more' }))
  expect([form.values.note, texts.size]).toEqual(['one and more', 1])
  const sent = await form.submit(async (values) => values.note)
  expect(sent).toBe('one and more')
  expect([form.values, texts.size, form.state.value]).toEqual([blank(), 0, { name: 'untouched' }])
  expect(form.found.value).toEqual({ name: 'nothing' })
})

test('B10 undone by hand it is no draft any more, and discarded it is gone', async () => {
  const { open, texts } = createDraftRig()
  const form = open()
  await form.type({ note: 'x' })
  await form.type({ note: null })
  expect([form.state.value.name, texts.size]).toEqual(['untouched', 0])
  await form.type({ note: 'y' })
  form.discard()
  expect([form.values, texts.size, form.isDirty.value]).toEqual([blank(), 0, false])
})

test('B10 no room, no storage, too large: each is said, what is typed stays, and the next change tries again', async () => {
  const { open, box, texts } = createDraftRig()
  const form = open('ann', { maxBytes: 400 })
  await form.type({ note: 'before' })
  box.refusal = new DOMException('', 'QuotaExceededError')
  await form.type({ note: 'when it was full' })
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'full' })
  box.refusal = new DOMException('', 'SecurityError')
  await form.type({ note: 'when it was denied' })
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'unavailable' })
  box.refusal = null
  await form.type({ note: 'x'.repeat(400) })
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'too-large' })
  expect(texts.get(keyOf('ann', 'order'))).toContain('"before"')
  await form.type({ note: 'after' })
  expect(form.state.value.name).toBe('kept')
  expect(texts.get(keyOf('ann', 'order'))).toContain('"after"')
})

test('B10 a page without any storage begins empty, and says so only to somebody who types', async () => {
  const { open, box } = createDraftRig()
  box.refusal = new DOMException('', 'SecurityError')
  const form = open()
  expect([form.state.value.name, form.found.value.name]).toEqual(['untouched', 'nothing'])
  await form.type({ note: 'x' })
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'unavailable' })
})

test('B10 a draft of another version is told and left until something is typed, or taken over by migrate', async () => {
  const { open, texts } = createDraftRig()
  const old = open()
  await old.type({ note: 'of version 1' })
  old.close()
  const other = open('ann', { version: 2 })
  expect(other.found.value).toEqual({ name: 'other-version', version: 1 })
  expect([other.values.note, texts.get(keyOf('ann', 'order'))?.includes('of version 1')]).toEqual([
    null,
    true,
  ])
  other.close()
  const migrate = (values: unknown, version: number) => ({
    ...(values as object),
    item: `from version ${version}`,
  })
  const next = open('ann', { version: 2, migrate })
  expect(next.values).toMatchObject({ note: 'of version 1', item: 'from version 1' })
  next.close()
  expect(open('ann', { version: 2 }).values.item).toBe('from version 1')
})

test('B10 old drafts are swept away, whoever’s they are, and others are left alone', async () => {
  const { open, clock, texts } = createDraftRig()
  const bob = open('bob')
  await bob.type({ note: 'Bob never comes back' })
  bob.close()
  texts.set('somebody else’s', 'text')
  await clock.advance(6 * DAY_MS)
  const ann = open('ann')
  await ann.type({ note: 'younger' })
  ann.close()
  await clock.advance(DAY_MS)
  expect(open('ann').values.note).toBe('younger')
  expect([...texts.keys()]).toEqual(['somebody else’s', keyOf('ann', 'order')])
})

test('I15 at log-out every draft of that person can be erased, and nobody else’s', async () => {
  const { open, texts, store } = createDraftRig()
  for (const person of ['ann', 'bob']) {
    const form = open(person)
    await form.type({ note: 'x' })
    form.close()
  }
  forgetDrafts('ann', store)
  expect([...texts.keys()]).toEqual([keyOf('bob', 'order')])
})

test('B10 what lies in the store is data: a damaged or made-up draft changes no form and no prototype', async () => {
  const { open, texts } = createDraftRig()
  const head = '"version":1,"savedAt":1767258000000,"expiresAt":9999999999999'
  for (const text of [
    '{',
    'null',
    '[]',
    '{"version":1}',
    `{${head},"values":"text"}`,
    `{${head},"values":{"qty":{"a":1},"lines":{"length":9},"card":[1],"unknown":1}}`,
    `{${head},"values":{"__proto__":{"polluted":1},"card":{"__proto__":{"polluted":1}}}}`,
  ]) {
    texts.set(keyOf('ann', 'order'), text)
    const form = open()
    expect(form.values, text).toEqual(blank())
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect((form.values.card as { polluted?: number }).polluted).toBeUndefined()
    form.close()
  }
})

test('B10 whatever JSON can hold comes back as it was, and what it cannot is named', () => {
  const json = fc.jsonValue({ noUnicodeString: false })
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-f]{1,3}$/), json), (values) => {
      const kept = keepable(values, new Set())
      const initial = Object.fromEntries(Object.keys(values).map((name) => [name, null]))
      const back = restorable(initial, JSON.parse(JSON.stringify(kept.values)))
      expect(JSON.stringify({ ...initial, ...back })).toBe(JSON.stringify({ ...initial, ...kept.values }))
      if (!JSON.stringify(values).includes('__proto__')) expect(kept.omitted).toEqual([])
    }),
  )
  const odd = { when: new Date(0), file: new Blob(), list: [1, new Map()], run: () => {}, none: undefined }
  expect(keepable(odd, new Set())).toEqual({
    values: { list: [1, null] },
    omitted: ['when', 'file', 'list.1', 'run'],
  })
  const round: Record<string, unknown> = {}
  round['self'] = round
  expect(keepable(round, new Set()).omitted).toHaveLength(1)
})

test('B10 options that cannot be are refused by name', () => {
  const { open } = createDraftRig()
  const refused = (options: object) => () => open('ann', options)
  expect(refused({ name: '' })).toThrow(/useDraft\.name is ""/)
  expect(refused({ version: 1.5 })).toThrow(/useDraft\.version is 1\.5/)
  expect(refused({ maxBytes: 10 })).toThrow(/useDraft\.maxBytes is 10; allowed: a number from 256/)
  expect(refused({ maxAgeMs: 1 })).toThrow(/useDraft\.maxAgeMs/)
  expect(refused({ guard: 'always' })).toThrow(/useDraft\.guard is "always"; allowed: unkept, dirty, off/)
  expect(refused({ ttl: 1 })).toThrow(/useDraft\.ttl/)
})

test('I34 a form that is gone leaves no timer', async () => {
  const { open, clock } = createDraftRig()
  const form = open()
  await form.type({ note: 'x' }, 0)
  await nextTick()
  expect(clock.pending()).toBe(1)
  form.close()
  expect(clock.pending()).toBe(0)
})

test('B10 I15 whoever signs out leaves an empty form behind, and finds the draft again', async () => {
  const { store, clock } = createDraftRig()
  const connection = createConnection({ probe: () => new Promise(() => {}), clock })
  const status = createStatus({ connections: connection })
  const context = createContext({ connections: { api: connection }, status })
  const open = () => {
    const scope = effectScope()
    const draft = scope.run(() => useDraft({ name: 'order', scope: 'ann', initial: blank, store, context }))!
    return { ...draft, close: () => scope.stop() }
  }
  const form = open()
  form.values.note = 'Ann’s'
  await nextTick()
  connection.signedOut()
  expect([form.values, form.state.value.name]).toEqual([blank(), 'untouched'])
  form.values.note = 'by nobody'
  await nextTick()
  await clock.advance(300)
  expect(form.state.value).toEqual({ name: 'not-kept', why: 'nobody' })
  form.close()
  expect(open().values.note).toBe('Ann’s')
})

test('B10 two tabs share one draft: the one that is not typed in follows, and what is typed is not taken away', async () => {
  const { open, say } = createTwoTabs()
  const [one, other] = [open(), open()]
  await one.type({ note: 'typed in one tab' })
  say()
  expect(other.values.note).toBe('typed in one tab')
  await one.type({ note: 'and again' })
  await other.type({ note: 'typed in the other' }, 0)
  say()
  expect(other.values.note).toBe('typed in the other')
  one.discard()
  say()
  expect(other.values.note).toBe('typed in the other')
})

/** Two tabs over one storage; `say` is the browser that tells each of the other's changes. */
function createTwoTabs() {
  const rig = createDraftRig()
  const listeners = new Set<(key: string) => void>()
  const store = {
    ...rig.store,
    onForeignChange(listener: (key: string) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return {
    open: () => rig.open('ann', { store }),
    say: () => listeners.forEach((listener) => listener(keyOf('ann', 'order'))),
  }
}
