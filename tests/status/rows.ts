/** What the rows of the table are made of: their shape, and where they begin. */
import { scriptsOf, whileLost, whileUp, type Look, type Script } from './script.js'

/** One row of the table. */
export interface Row {
  readonly row: string
  readonly from: string
  readonly event: string
  readonly guard: string
  readonly to: string
  readonly effects: string
  /** Goes through it, and hands back everything that was looked at on the way. */
  run(): readonly Look[]
  /** Goes through it, and hands back how: the way itself, and the ways that were compared with it. */
  ways(): readonly Script[]
}

/** The cells of a row, as on the page. */
type Part = readonly [row: string, from: string, event: string, guard: string, to: string, effects: string]

/** Makes a row: where it begins, and how it goes on from there. */
export const row = (
  [id, from, event, guard, to, effects]: Part,
  begin: () => Script,
  go: (script: Script) => void,
): Row => {
  const run = () => {
    const script = begin()
    go(script)
    return script.looks
  }
  return { row: id, from, event, guard, to, effects, run, ways: () => scriptsOf(run) }
}

export const DISMISS = { type: 'DISMISS' } as const
export const TYPED = { type: 'TYPED' } as const
export const hidden = (is: boolean) => ({ type: 'HIDDEN', hidden: is }) as const
export const foreign = (open: boolean) => ({ type: 'FOREIGN_DIALOG', open }) as const
export const engaged = (is: boolean) => ({ type: 'ENGAGED', engaged: is }) as const

export const whileModal = () => whileLost(10_000)
export const whileRed = () => {
  const script = whileModal()
  script.wait(1_000)
  script.page(DISMISS)
  return script
}
export const whileSyncing = (waiting = 3) => {
  const script = whileLost(2_000)
  for (let count = 0; count < waiting; count++) script.write()
  script.up()
  return script
}
export const whileGreen = () => {
  const script = whileLost(2_000)
  script.up()
  return script
}
export const whileSlow = () => {
  const script = whileUp()
  script.facts({ pendingSince: 60_000 })
  script.wait(3_000)
  return script
}
export const flap = (script: Script, times: number) => {
  for (let count = 0; count < times; count++) {
    script.lose()
    script.wait(2_000)
    script.up()
    script.wait(2_000)
  }
}
export const whileUnstable = () => {
  const script = whileUp()
  flap(script, 3)
  return script
}
export const whileFailed = () => {
  const script = whileSyncing(1)
  script.queue({ waiting: 0, failed: 1, oldestAt: null })
  return script
}
export const whileOffline = () => {
  const script = whileUp()
  script.connection({ intent: 'offline', link: { name: 'idle', memory: memoryOf(script) } })
  return script
}
export const whileSignedOut = () => {
  const script = whileLost(2_000)
  script.up()
  script.connection({ auth: 'required' })
  return script
}
export const memoryOf = (script: Script) => script.state.facts.connection.link.memory
