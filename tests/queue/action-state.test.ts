import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OutcomeClass } from '../../src/core/outcome.js'
import { transition, type ActionEvent } from '../../src/queue/action-state.js'
import type { Action, ActionState } from '../../src/queue/action.js'
import { sumOf } from '../../src/queue/checksum.js'
import { mapPayload } from '../../src/queue/payload-walk.js'

const STATES: readonly ActionState[] = [
  { name: 'queued' },
  { name: 'sending', from: 'queued' },
  { name: 'sending', from: 'unconfirmed' },
  { name: 'unconfirmed', next: 'again' },
  { name: 'unconfirmed', next: 'person' },
  { name: 'blocked', on: 'x' },
  { name: 'failed', why: 'rejected' },
  { name: 'conflict' },
]
const CLASSES: readonly OutcomeClass[] = [
  'ok',
  'not-sent',
  'maybe-committed',
  'overloaded',
  'unauthorized',
  'conflict',
  'rejected',
  'cancelled',
]
const answers = CLASSES.flatMap((outcome) =>
  (['again', 'person'] as const).map(
    (next) => ({ type: 'ANSWER', outcome: { class: outcome }, next }) as const,
  ),
)
const EVENTS: readonly ActionEvent[] = [
  { type: 'CLAIM', at: 5, claim: { owner: 'o', number: 1 } },
  ...answers,
  ...(['FOUND', 'EXPIRE', 'DEPENDS', 'NO_HANDLER', 'UNSENDABLE', 'RETRY'] as const).map((type) => ({ type })),
]
const action = (state: ActionState, firstSentAt: number | null): Action => ({
  id: 'i',
  key: 'k',
  handler: 'h',
  payload: { a: 1 },
  lane: 'main',
  scope: 'ann',
  label: 'l',
  after: [],
  createdAt: 1,
  expiresAt: null,
  position: 1,
  firstSentAt,
  attempts: firstSentAt === null ? 0 : 1,
  claim: null,
  bytes: 8,
  state,
})

test('every state meets every event: key, payload and place stay, and only a confirmed answer takes it out (I03, I04, I19)', () => {
  const pairs = STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const))
  expect(pairs).toHaveLength(184)
  for (const [state, event] of pairs) {
    for (const firstSentAt of [null, 3]) {
      const before = action(state, firstSentAt)
      const after = transition(before, event)
      if (after === null) {
        expect([state.name, event]).toMatchObject(['sending', { type: 'ANSWER', outcome: { class: 'ok' } }])
        continue
      }
      const { key, payload, position, id } = after
      expect({ key, payload, position, id }).toEqual({ key: 'k', payload: { a: 1 }, position: 1, id: 'i' })
    }
  }
})

test('whatever may have been applied is never said to have failed without an answer (I06)', () => {
  const unknown = fc.constantFrom<ActionState>(
    { name: 'unconfirmed', next: 'again' },
    { name: 'unconfirmed', next: 'person' },
  )
  const silent = EVENTS.filter(({ type }) => type !== 'ANSWER')
  fc.assert(
    fc.property(unknown, fc.array(fc.constantFrom(...silent), { maxLength: 8 }), (state, events) => {
      const end = events.reduce<Action>((row, event) => transition(row, event) ?? row, action(state, 3))
      expect(['unconfirmed', 'sending']).toContain(end.state.name)
    }),
  )
})

test('a payload that is walked through without a change is the same payload', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.stringify(mapPayload(value, (leaf) => leaf))).toBe(JSON.stringify(value))
    }),
  )
})

test('one flipped bit changes the checksum', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
  fc.assert(
    fc.property(bytes, fc.nat(), fc.nat(7), (given, at, bit) => {
      const flipped = Uint8Array.from(given)
      flipped[at % given.length]! ^= 1 << bit
      expect(sumOf(flipped.buffer)).not.toBe(sumOf(Uint8Array.from(given).buffer))
    }),
  )
})
