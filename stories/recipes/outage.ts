/** An outage, walked through with a bar and a dialog of a team's own: what has to hold whatever they are made of. */
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { stageOf } from '../order-desk/play.js'
import type { DeskStage } from '../order-desk/stage.js'
import { localeOf } from '../support/still.js'

interface PlayContext {
  readonly id: string
  readonly canvasElement: HTMLElement
  readonly globals: Readonly<Record<string, unknown>>
}

/** What can be found on a page; libraries put their dialogs beside the story, at the end of the body. */
function look({ canvasElement, globals }: PlayContext) {
  const words = localeOf(globals)
  const body = canvasElement.ownerDocument.body
  const bar = () => within(body).queryByRole('region', { name: words.bar.label, hidden: true })
  const dialog = () => {
    const found = body.querySelector<HTMLElement>(':is([role=dialog], [role=alertdialog])')
    return found?.checkVisibility() ? found : null
  }
  const spoken = (role: 'status' | 'alert') =>
    [...body.querySelectorAll(`.spoken [role=${role}]`)].map((region) => region.textContent).join('')
  return { words, body, bar, dialog, spoken }
}

/** The bar is there after a second, the dialog after ten. */
const untilShown = (find: () => HTMLElement | null) =>
  waitFor(
    () => {
      const found = find()
      if (!found) throw new Error('it does not show')
      return found
    },
    { timeout: 3_000 },
  )

/** The server refuses from 0 on; orders are placed before that. */
async function begin(context: PlayContext): Promise<DeskStage> {
  const stage = stageOf(context.id)
  await stage.ready()
  stage.network.apply({ type: 'refuse' })
  await stage.lose()
  return stage
}

/** Stops the clock in the middle of an outage, with two orders that wait. */
export const stopAt = (seconds: number) =>
  async function stopped(context: PlayContext) {
    const stage = await begin(context)
    const { bar, dialog, words } = look(context)
    await stage.to(2)
    await stage.desk.place({ item: 'Rye bread', qty: 2, note: null })
    await stage.desk.place({ item: 'Sourdough', qty: 1, note: null })
    await stage.to(seconds)
    if (seconds < 10) {
      await expect(await untilShown(bar)).toHaveTextContent(/Connection lost|连接已断开/)
      return
    }
    const shown = await untilShown(dialog)
    await waitFor(() => expect(shown).toHaveTextContent(/2 changes are kept on this device|2 项修改已保存/))
    const retry = within(shown).getByRole('button', { name: words.actions.retry, hidden: true })
    await waitFor(() => expect(retry).toBeVisible())
  }

/** From the loss through bar, dialog, "Try now", "Keep working" and the return, as people meet it. */
export async function walkThroughOutage(context: PlayContext): Promise<void> {
  const { words, body, bar, dialog, spoken } = look(context)
  const stage = stageOf(context.id)
  await stage.ready()
  const field = within(context.canvasElement).getByRole<HTMLInputElement>('textbox')
  field.focus()
  field.setSelectionRange(1, 3)
  const heal = stage.network.apply({ type: 'refuse' })
  await stage.lose()

  await stage.to(0.99)
  await expect(bar()).toBeNull()
  await stage.to(1)
  await untilShown(bar)
  await waitFor(() => expect(spoken('status')).toMatch(/Reconnecting|正在重新连接/))
  await expect(spoken('alert')).toBe('')
  await expect(field).toHaveFocus()

  await stage.to(9.99)
  await expect(dialog()).toBeNull()
  await stage.to(10)
  const shown = await untilShown(dialog)
  // On the heading, and not on a button that a typing person would press.
  await waitFor(() => expect(body.ownerDocument.activeElement?.tagName).toBe('H2'))
  await expect(shown).toContainElement(body.ownerDocument.activeElement as HTMLElement)
  await expect(shown).toHaveAccessibleName(/can’t reach the server|无法连接到服务器/i)
  await expect(shown).toHaveAccessibleDescription(/You can keep reading|您可以继续阅读/)
  // Ours, and so nothing that the status would close it for.
  await stage.to(12)
  await expect(dialog()).toBe(shown)

  const retry = within(shown).getByRole('button', { name: words.actions.retry })
  const before = stage.attempts().length
  retry.focus()
  await userEvent.keyboard('{Enter}')
  await stage.clock.advance(0)
  await waitFor(() => expect(retry).toHaveTextContent(/Trying…|正在重试…/))
  await expect(retry).toHaveFocus()
  await expect(retry).toHaveAttribute('aria-disabled', 'true')
  await stage.to(12.7)
  await waitFor(() => expect(retry).toHaveTextContent(words.actions.retry))
  await expect(stage.attempts().length).toBe(before + 1)

  await userEvent.keyboard('{Escape}')
  await stage.clock.advance(0)
  await waitFor(() => expect(dialog()).toBeNull(), { timeout: 3_000 })
  await waitFor(() => expect(field).toHaveFocus())
  await expect([field.selectionStart, field.selectionEnd]).toEqual([1, 3])
  await expect(await untilShown(bar)).toHaveTextContent(/can’t reach the server|无法连接到服务器/i)

  await stage.desk.place({ item: 'Oat rolls', qty: 3, note: null })
  heal()
  await stage.to(40)
  await expect(dialog()).toBeNull()
  await waitFor(() => expect(bar()).toBeNull())
  await waitFor(() => expect(spoken('status')).toMatch(/Back online|已恢复连接/))
  await expect(stage.api.ledger.map(({ item }) => item)).toEqual(['Oat rolls'])
  await expect(stage.beats.filter(([, , surface]) => surface === 'modal')).toHaveLength(1)
}
