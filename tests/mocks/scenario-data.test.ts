/** Scenarios are data: whatever one says is either played, or refused by an error that names where it is wrong. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkScenario, actionTypes, type Scenario } from '../../mocks/scenario.js'
import { kinds, type Kind } from './scenario-kinds.js'

const good = { atMs: 0, do: { type: 'refuse' } }
const scenarioOf = (...steps: unknown[]) => ({ name: 'A', sentence: 'B', steps })
const stepOf = ({ action, lastsMs }: Kind) => ({
  atMs: 5,
  do: structuredClone(action) as Record<string, unknown>,
  ...(lastsMs !== undefined && { forMs: lastsMs }),
})

/** What is wrong, or null. */
function refusal(given: unknown): string | null {
  try {
    checkScenario(given)
    return null
  } catch (error) {
    return String(error)
  }
}

/** An error that says where, what was given, and what is allowed. */
const refusalOf = (where: string): RegExp =>
  new RegExp(`: ${where.replaceAll(/[.[\]]/g, '\\$&')} is .*; allowed: .* \\[bad-option\\]$`, 's')

/** The object with another value at a path; undefined: without the key. */
function withValue(step: ReturnType<typeof stepOf>, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let at: Record<string, unknown> = step.do
  for (const key of keys) at = at[key] as Record<string, unknown>
  if (value === undefined) delete at[last]
  else at[last] = value
}

/** What cannot be made a text cannot be shown. */
const anyJson = fc
  .jsonValue()
  .filter((value) => !/"(toString|valueOf|__proto__)":/.test(JSON.stringify(value)))
const anyKind = fc.constantFrom(...kinds)
/** Near misses are what a person writes. */
const anyValue = fc.oneof(
  fc.constantFrom(
    undefined,
    Number.NaN,
    Infinity,
    -Infinity,
    -1,
    0,
    1,
    0.5,
    1e18,
    999,
    1016,
    600,
    '',
    '7',
    'up',
  ),
  fc.constantFrom<unknown>(null, true, false, [], {}, [5], { ms: 5 }),
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 200 }),
  anyJson,
)

test('the kinds that are looked at are all that there are', () => {
  expect(kinds.map(({ action }) => action.type).sort()).toEqual([...actionTypes].sort())
})

test.each(kinds.map((kind) => [kind.action.type, kind] as const))(
  '%s is taken with all that it can say',
  (_, kind) => {
    const scenario = scenarioOf(good, stepOf(kind))
    expect(checkScenario(scenario)).toBe(scenario)
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  },
)

test('each value of each key of each kind is taken, or refused by an error that names step and key', () => {
  const place = anyKind.chain((kind) => {
    const paths = Object.keys(kind.keys)
    return fc.tuple(fc.constant(kind), paths.length > 0 ? fc.constantFrom(...paths) : fc.constant(null))
  })
  fc.assert(
    fc.property(place, anyValue, fc.nat(3), ([kind, path], value, before) => {
      if (path === null) return
      const step = stepOf(kind)
      withValue(step, path, value)
      const why = refusal(scenarioOf(...Array<unknown>(before).fill(good), step))
      const isAllowed = kind.keys[path]!(value)
      if (isAllowed) expect(why).toBeNull()
      else expect(why).toMatch(refusalOf(`scenario.steps[${before}].do.${path}`))
    }),
    { numRuns: 3000 },
  )
})

test('each time of each kind is taken, or refused by an error that names it', () => {
  const isTime = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 86_400_000
  fc.assert(
    fc.property(anyKind, anyValue, fc.constantFrom('atMs', 'forMs'), (kind, value, key) => {
      const step: Record<string, unknown> = { ...stepOf(kind), [key]: value }
      if (value === undefined) delete step[key]
      const why = refusal(scenarioOf(step))
      const isAllowed = key === 'atMs' ? isTime(value) : kind.forMs(value)
      // How long something sleeps is too short for how long it is played, or the other way round.
      if (isAllowed) expect(why).toBeNull()
      else
        expect(why).toMatch(/scenario\.steps\[0\]\.(atMs|forMs|do\.ms) is .*; allowed: .* \[bad-option\]$/s)
    }),
    { numRuns: 1500 },
  )
})

test('a key that is none, and a kind that is none, are named with what there is', () => {
  fc.assert(
    fc.property(anyKind, fc.string({ minLength: 1, maxLength: 12 }), (kind, key) => {
      fc.pre(!(key in kind.action) && !(key in {}) && !Object.keys(kind.keys).some((path) => path === key))
      fc.pre(!(kind.action.type === 'status' && key === 'body'))
      const step = stepOf(kind)
      step.do[key] = 1
      expect(refusal(scenarioOf(step))).toContain(`scenario.steps[0].do.${key} is `)
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.string(), anyJson), (type) => {
      fc.pre(!actionTypes.includes(type as string))
      const why = refusal(scenarioOf({ atMs: 0, do: { type } }))
      expect(why).toContain('scenario.steps[0].do.type is ')
      for (const known of actionTypes) expect(why).toContain(known)
    }),
  )
})

test('what JSON cannot say is no body of an answer', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const bodies: unknown[] = [cyclic, () => 1, new Date(), new Map(), { deep: [Number.NaN] }, 5n, Symbol('no')]
  for (const body of bodies) {
    const why = refusal(scenarioOf({ atMs: 0, do: { type: 'status', code: 500, body } }))
    expect(why).toContain('scenario.steps[0].do.body is ')
  }
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(refusal(scenarioOf({ atMs: 0, do: { type: 'status', code: 500, body } }))).toBeNull()
    }),
  )
})

test('whatever is no scenario at all is refused, never thrown at', () => {
  fc.assert(
    fc.property(anyJson, (given) => {
      expect(refusal(given)).toMatch(/: scenario\b.* is .*; allowed: .* \[bad-option\]$/s)
    }),
  )
  const taken: Scenario = scenarioOf(good) as Scenario
  expect(refusal({ ...taken, seed: Number.NaN })).toContain('scenario.seed is NaN')
})
