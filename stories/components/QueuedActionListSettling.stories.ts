import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h, nextTick, ref } from 'vue'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { QueuedActionList, type Locale } from '../../src/components/index.js'
import type { Action } from '../../src/vue/queue-port.js'
import { EVERY_ROW, type RowSketch } from '../support/fixed-queue.js'
import { handlesOf, localeOf, still } from '../support/still.js'
import { SILENT } from './phases.js'
import './matrix.css'

/** What needs a person, and how it is settled: a conflict, a refusal, and changing one's mind. */
const meta = {
  title: 'Components/QueuedActionList/Settling',
  component: QueuedActionList,
} satisfies Meta<typeof QueuedActionList>

export default meta
type Story = StoryObj<typeof meta>

/** A conflict, a refusal, one that expired, and one that waits. */
const NEEDY: readonly RowSketch[] = [EVERY_ROW[2]!, EVERY_ROW[3]!, EVERY_ROW[4]!, EVERY_ROW[1]!]

const list = (locale: Locale, args: Record<string, unknown>) =>
  h('div', { class: 'matrix' }, [h(QueuedActionList, { ...args, locale })])
const rowOf = (root: HTMLElement, id: string) => root.querySelector<HTMLElement>(`[data-id="${id}"]`)!
const hand = (root: HTMLElement, id: string, name: string) =>
  rowOf(root, id).querySelector<HTMLElement>(`[data-hand="${name}"]`)!
const press = async (button: HTMLElement) => {
  button.focus()
  await userEvent.keyboard('{Enter}')
}
const isIn = (root: HTMLElement, id: string, state: string) =>
  waitFor(() => expect(rowOf(root, id)).toHaveAttribute('data-state', state))

export const Mine: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'ux-39: A conflict: keep mine sends it over what the server has',
  async play({ canvasElement, loaded }) {
    await press(hand(canvasElement, 'c', 'mine'))
    await isIn(canvasElement, 'c', 'queued')
    await expect(rowOf(canvasElement, 'c')).toHaveFocus()
    await expect(handlesOf({ loaded }).queue.asked).toEqual(['override c'])
  },
}

export const Theirs: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'ux-39, ux-44: A conflict: keep theirs lets it go, and the focus goes to the next row',
  async play({ canvasElement, loaded }) {
    const { queue, fixed } = handlesOf({ loaded })
    await press(hand(canvasElement, 'c', 'theirs'))
    await isIn(canvasElement, 'c', 'discarded')
    await waitFor(() => expect(rowOf(canvasElement, 'd')).toHaveFocus())
    await fixed.clock.advance(7999)
    await expect(queue.asked).toEqual([])
    await fixed.clock.advance(1)
    await expect(queue.asked).toEqual(['discard c'])
    await waitFor(() => expect(rowOf(canvasElement, 'c')).toBeNull())
    await expect(rowOf(canvasElement, 'd')).toHaveFocus()
  },
}

export const Undo: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'ux-43, ux-44: What needs a person is discarded at once, and can be taken back for 8 s, by keyboard',
  async play({ canvasElement, loaded, globals, canvas }) {
    const { queue, fixed } = handlesOf({ loaded })
    const { list } = localeOf(globals)
    await press(hand(canvasElement, 'd', 'discard'))
    await isIn(canvasElement, 'd', 'discarded')
    await waitFor(() => expect(rowOf(canvasElement, 'e')).toHaveFocus())
    await waitFor(() =>
      expect(canvasElement.querySelector('.hf-queue > [role=status]')!.textContent).toBe(list.discarded),
    )
    await expect(canvas.getByRole('heading').textContent).not.toMatch(/3/)
    await userEvent.keyboard('{ArrowUp}')
    await waitFor(() => expect(rowOf(canvasElement, 'd')).toHaveFocus())
    await userEvent.tab()
    await expect(hand(canvasElement, 'd', 'undo')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await isIn(canvasElement, 'd', 'failed')
    await waitFor(() => expect(rowOf(canvasElement, 'd')).toHaveFocus())
    await fixed.clock.advance(60_000)
    await expect(queue.asked).toEqual([])
  },
}

export const UndoWaits: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'Whoever is about to take it back is not hurried: with the focus in the row its time stands still',
  async play({ canvasElement, loaded }) {
    const { queue, fixed } = handlesOf({ loaded })
    await press(hand(canvasElement, 'd', 'discard'))
    await isIn(canvasElement, 'd', 'discarded')
    await waitFor(() => expect(rowOf(canvasElement, 'e')).toHaveFocus())
    hand(canvasElement, 'd', 'undo').focus()
    await fixed.clock.advance(30_000)
    await expect(queue.asked).toEqual([])
    rowOf(canvasElement, 'e').focus()
    await fixed.clock.advance(2000)
    await expect(queue.asked).toEqual(['discard d'])
  },
}

export const NotRetried: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'What was let go is not tried again with the others',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    await press(hand(canvasElement, 'd', 'discard'))
    await isIn(canvasElement, 'd', 'discarded')
    // Said of each: a live region whose words are the same as before would say nothing.
    const said = canvasElement.querySelector('.hf-queue > [role=status]')!
    const first = said.textContent
    await press(hand(canvasElement, 'e', 'discard'))
    await isIn(canvasElement, 'e', 'discarded')
    await expect(said.textContent).not.toBe(first)
    await expect(said.textContent!.trim()).toBe(first)
    await press(hand(canvasElement, 'e', 'undo'))
    await press(canvasElement.querySelector<HTMLElement>('.hf-queue-head button')!)
    await waitFor(() => expect(queue.asked).toEqual(['discard d', 'retryFailed']))
  },
}

/** Whoever is asked has to see what he has written: a form of the application, in the row. */
const form = (locale: Locale) =>
  h('div', { class: 'matrix' }, [
    h(
      QueuedActionList,
      { locale },
      {
        edit: ({
          action,
          save,
          cancel,
        }: {
          action: Action
          save: (c: object) => void
          cancel: () => void
        }) => {
          const label = ref(action.label)
          return h(
            'form',
            {
              class: 'edit-form',
              onSubmit: (event: Event) => {
                event.preventDefault()
                save({ label: label.value, payload: { pieces: 500 } })
              },
            },
            [
              h('label', [
                'Order ',
                h('input', {
                  value: action.label,
                  onInput: (event: Event) => (label.value = (event.target as HTMLInputElement).value),
                }),
              ]),
              h('button', { class: 'hf-button', 'data-kind': 'primary' }, 'Send'),
              h(
                'button',
                { type: 'button', class: 'hf-button', 'data-kind': 'line', onClick: cancel },
                'Cancel',
              ),
            ],
          )
        },
      },
    ),
  ])

export const Edit: Story = {
  ...still(SILENT.online, form, NEEDY),
  name: 'ux-39: Edit opens the application’s form in the row; Escape closes it, sending puts the changed one in its place',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    await press(hand(canvasElement, 'd', 'edit'))
    const input = await within(rowOf(canvasElement, 'd')).findByRole('textbox')
    await waitFor(() => expect(input).toHaveFocus())
    // Of an input method it ends the composition, and keeps what is written; Safari says so by the code alone.
    for (const how of [{ isComposing: true }, { keyCode: 229 }])
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, ...how }))
    // Arrows belong to the form, whatever its controls are made of.
    fireEvent.keyDown(within(rowOf(canvasElement, 'd')).getByText('Send'), { key: 'ArrowDown' })
    await nextTick()
    await expect(input).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(hand(canvasElement, 'd', 'edit')).toHaveFocus())
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(within(rowOf(canvasElement, 'd')).getByRole('textbox')).toHaveFocus())
    await userEvent.keyboard('!{ArrowUp}')
    await expect(within(rowOf(canvasElement, 'd')).getByRole('textbox')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(queue.asked).toEqual(['edit d']))
    await isIn(canvasElement, 'd', 'queued')
    await waitFor(() => expect(rowOf(canvasElement, 'd')).toHaveFocus())
  },
}

export const Refused: Story = {
  ...still(SILENT.online, list, NEEDY),
  name: 'What the queue refuses is said, once it is so; what was no longer so is not',
  async play({ canvasElement, loaded, globals, canvas }) {
    const { queue } = handlesOf({ loaded })
    const { notDone } = localeOf(globals).list
    const refuse = (code: string) =>
      (queue.retry = () => Promise.reject(Object.assign(new Error(code), { code })))
    refuse('not-changeable')
    await press(hand(canvasElement, 'd', 'retry'))
    await expect(canvas.queryByText(notDone)).toBeNull()
    refuse('storage-failed')
    await press(hand(canvasElement, 'd', 'retry'))
    const note = await waitFor(() => {
      const found = canvasElement.querySelector<HTMLElement>('[data-note=not-done]')!
      expect(found).toHaveTextContent(notDone)
      return found
    })
    await expect(hand(canvasElement, 'd', 'retry')).toHaveFocus()
    await press(hand(canvasElement, 'c', 'mine'))
    await waitFor(() => expect(note).not.toBeInTheDocument())
  },
}
