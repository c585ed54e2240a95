import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { h, nextTick, shallowRef } from 'vue'
import { en } from '../../src/components/index.js'
import { TRANSITIONS, type Row } from '../../tests/status/transitions.js'
import { forgetHidden } from '../support/page-state.js'
import TransitionTable, { type WalkedRow } from '../machine/TransitionTable.vue'
import { localeOf } from '../support/still.js'
import { walk } from './walk.js'
import WalkPage from './WalkPage.vue'
import { createWalkStage, type WalkStage } from './walk-stage.js'

/**
 * The table of docs/spec/ux.md, 1.3, walked through the interface: the rows are those that the unit tests run on the
 * machine alone; here what a person does is done with keys and pointer, and what can be seen is looked at.
 */
const meta = {
  title: 'Reference/Walks through the table',
  beforeEach: beginAnew,
  tags: ['!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta

export default meta
type Story = StoryObj

interface Shown {
  readonly stage: WalkStage
  readonly row: string
  readonly place: number
}

/** Pages of the story that plays, one after the other. */
const shown = shallowRef<Shown | null>(null)

/** The rows that the story has been through: what is left to read once it is over. */
const walked = shallowRef<readonly WalkedRow[]>([])

function beginAnew(): () => void {
  // A walk that went astray has left its page behind: it is none of the next one's.
  shown.value = null
  walked.value = []
  return forgetHidden
}

/** Walks these rows, each with every way that it compares. */
function walks(isMeant: (row: Row, place: number) => boolean): Pick<Story, 'render' | 'play'> {
  const rows = TRANSITIONS.filter(isMeant)
  return {
    render: (_args, { globals }) => ({
      render: () =>
        shown.value
          ? h(WalkPage, {
              key: shown.value.place,
              stage: shown.value.stage,
              row: shown.value.row,
              locale: localeOf(globals) ?? en,
            })
          : h('main', { class: 'machine-page' }, h(TransitionTable, { rows: walked.value })),
    }),
    async play({ canvasElement, globals }) {
      let timers = 0
      let place = 0
      for (const row of rows) {
        let looks = 0
        for (const script of row.ways()) {
          const stage = createWalkStage(script.thresholds)
          shown.value = { stage, row: row.row, place: place++ }
          await nextTick()
          try {
            looks += await walk(script, stage, canvasElement, localeOf(globals))
          } catch (error) {
            throw new Error(`row ${row.row}, ${row.from} — ${row.event}: ${(error as Error).message}`, {
              cause: error,
            })
          }
          shown.value = null
          await nextTick()
          forgetHidden()
          timers += stage.clock.pending()
        }
        walked.value = [...walked.value, { ...row, holds: looks > 0, seen: `${looks} of ${looks}` }]
      }
      const unseen = walked.value.filter(({ holds }) => !holds).map(({ row }) => row)
      await expect({ walked: walked.value.length, unseen, timers }).toEqual({
        walked: rows.length,
        unseen: [],
        timers: 0,
      })
    },
  }
}

const between =
  (first: number, last: number) =>
  ({ row }: Row): boolean =>
    Number.parseInt(row) >= first && Number.parseInt(row) <= last

export const Lost: Story = {
  ...walks(between(1, 18)),
  name: 'R39: rows 1 to 18 are walked: a loss, its grace, the bar and the dialog',
}
export const Down: Story = {
  ...walks(between(19, 26)),
  name: 'R39: rows 19 to 26 are walked: by hand, by choice, given up, and what the browser says',
}
export const Back: Story = {
  ...walks(between(27, 43)),
  name: 'R39: rows 27 to 43 are walked: sign-in, session, catching up, sending',
}
export const Well: Story = {
  ...walks(between(44, 54)),
  name: 'R39: rows 44 to 54 are walked: attention, green, keeps dropping, slow, working offline',
}
export const Rare: Story = {
  ...walks(between(57, 68)),
  name: 'R39: rows 57 to 68 are walked (55 and 56 are of several tabs): what is rarer',
}
