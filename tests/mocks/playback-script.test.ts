import { expect, test } from 'vitest'
import { faultTypes } from '../../mocks/fault-rules.js'
import { buttons, partOf } from '../../mocks/playback/buttons.js'
import { wordsOf } from '../../mocks/playback/words.js'
import { standardRepertoire } from '../../mocks/playback/repertoire.js'
import { checkScript, heldDown, withCommand, type Script } from '../../mocks/playback/script.js'
import { edgesOf, endOf, isAnythingInForce, scenarioAt, spansOf } from '../../mocks/playback/spans.js'
import { actionTypes, checkScenario, lengthOf } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'

const script = (...commands: Script['commands']): Script => ({ seed: 1, commands })
const spans = (...commands: Script['commands']) =>
  spansOf(script(...commands), standardRepertoire).map(({ part, label, fromMs, toMs }) => [
    part,
    label,
    fromMs,
    toMs,
  ])

test('there is a button for every fault, every restart and everything that becomes of the device', () => {
  const types = new Set(Object.values(buttons).map(({ do: action }) => action.type))
  expect([...actionTypes].filter((type) => !types.has(type as never))).toEqual([])
})

test('what a button does is an action that a scenario could have', () => {
  for (const { do: action } of Object.values(buttons)) {
    const forMs = action.type === 'device.asleep' ? { forMs: 1000 } : {}
    checkScenario({ name: 'a', sentence: 'b', steps: [{ atMs: 0, do: action, ...forMs }] })
  }
})

test('each button stands with the part of the world that its action strikes, and each action has words', () => {
  for (const { part, do: action } of Object.values(buttons)) {
    expect(partOf(action)).toBe(part)
    expect(wordsOf(action)).toMatch(/\w/)
  }
  expect(faultTypes).toContain('latency')
})

test('a restart is drawn part by part, and a later one takes its place', () => {
  expect(spans({ atMs: 1000, do: 'begin', what: 'restart' })).toEqual([
    ['server', 'draining', 1000, 4000],
    ['server', 'down', 4000, 9000],
    ['server', 'warming', 9000, 11_000],
  ])
  expect(spans({ atMs: 0, do: 'begin', what: 'restart' }, { atMs: 2000, do: 'begin', what: 'kill' })).toEqual(
    [
      ['server', 'draining', 0, 2000],
      ['server', 'down', 2000, 7000],
    ],
  )
})

test('a scenario ends whatever was in force, and "all well" ends the scenario', () => {
  expect(
    spans(
      { atMs: 0, do: 'begin', what: 'latency' },
      { atMs: 500, do: 'run', what: 'offline-4s' },
      { atMs: 2000, do: 'calm' },
    ),
  ).toEqual([
    ['network', 'latency 800 ms ± 400', 0, 500],
    ['device', 'offline', 1500, 2000],
  ])
})

test('what is ended by hand ends then; what nobody ends has no end', () => {
  const held = [
    { atMs: 0, do: 'begin', what: 'refuse' },
    { atMs: 100, do: 'begin', what: 'offline' },
    { atMs: 900, do: 'end', what: 'offline' },
  ] as const
  expect(spans(...held)).toEqual([
    ['network', 'refuse', 0, null],
    ['device', 'offline', 100, 900],
  ])
  expect([...heldDown(script(...held), 500)]).toEqual(['refuse', 'offline'])
  expect([...heldDown(script(...held), 900)]).toEqual(['refuse'])
  expect(edgesOf(script(...held), standardRepertoire)).toEqual([0, 100, 900])
})

test('what ends by itself is not held down, but in force for as long as it lasts', () => {
  const killed = script({ atMs: 100, do: 'begin', what: 'kill' }, { atMs: 200, do: 'begin', what: 'lost' })
  expect([...heldDown(killed, 300)]).toEqual([])
  const at = (ms: number) => isAnythingInForce(killed, standardRepertoire, ms)
  expect([at(99), at(100), at(5099), at(5100)]).toEqual([false, true, true, false])
})

test('a scenario is played until its end, and one without an end until something else is', () => {
  const at = (what: string, atMs: number) =>
    scenarioAt(script({ atMs: 1000, do: 'run', what }), standardRepertoire, atMs)
  expect([
    at('offline-4s', 999),
    at('offline-4s', 1000),
    at('offline-4s', 5999),
    at('offline-4s', 6000),
  ]).toEqual([...[null, 'offline-4s', 'offline-4s', null]])
  expect(at('half-open', 3_600_000)).toBe('half-open')
  // What was lost on the way stays lost: there is nothing left to be taken back.
  const lidMs = lengthOf(scenarios['lid-closed'])
  expect([at('lid-closed', 999 + lidMs), at('lid-closed', 1000 + lidMs)]).toEqual(['lid-closed', null])
  expect(endOf(script({ atMs: 1000, do: 'run', what: 'offline-60s' }), standardRepertoire)).toBe(62_000)
})

test('commands are kept in the order of their times, and of one time in the order in which they were done', () => {
  const one = withCommand(script({ atMs: 5, do: 'calm' }, { atMs: 9, do: 'calm' }), {
    ...{ atMs: 5, do: 'begin', what: 'refuse' },
  })
  expect(one.commands.map((command) => `${command.atMs} ${command.do}`)).toEqual([
    '5 calm',
    '5 begin',
    '9 calm',
  ])
})

test('a script that cannot be played is refused by name', () => {
  const refuse = (given: unknown) => () => checkScript(given, standardRepertoire)
  expect(refuse({ seed: 1 })).toThrow(/script\.commands/)
  expect(refuse({ seed: 1, commands: [{ atMs: 0.5, do: 'calm' }] })).toThrow(/commands\[0\]\.atMs/)
  expect(refuse({ seed: 1, commands: [{ atMs: 0, do: 'pray' }] })).toThrow(/commands\[0\]\.do.*pray/)
  expect(refuse({ seed: 1, commands: [{ atMs: 0, do: 'calm', what: 'x' }] })).toThrow(/what/)
  expect(refuse({ seed: 1, commands: [{ atMs: 0, do: 'begin', what: 'toString' }] })).toThrow(/toString/)
})
