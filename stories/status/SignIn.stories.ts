import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { h, markRaw } from 'vue'
import { forgetDrafts } from '../../src/vue/drafts.js'
import { localeOf } from '../support/still.js'
import LetterApp from './LetterApp.vue'
import { createSession, LETTERS, type Session } from './session.js'

/** A session that ends while somebody writes: the form, its draft, and the way back. */
const meta = {
  title: 'Status/Drafts and sign-in',
  loaders: [
    () => {
      for (const person of ['ann', 'bob']) forgetDrafts(person)
      return { session: markRaw(createSession()) }
    },
  ],
  render: (_args, { loaded, globals }) => ({
    render: () => h(LetterApp, { session: sessionOf(loaded), locale: localeOf(globals) }),
  }),
  tags: ['!autodocs'],
} satisfies Meta

export default meta
type Story = StoryObj

const sessionOf = (loaded: Record<string, unknown>) => loaded['session'] as Session

const TEXT = 'Dear Ünal,\n\nthe rye bread “was” good. 🍞 多谢！'

const field = (page: HTMLElement, name: string) => page.querySelector<HTMLInputElement>(`[name=${name}]`)!

/** What is to be seen in the form, in one line. */
const inForm = (page: HTMLElement) =>
  ['to', 'copies', 'text', 'passphrase'].map((name) => field(page, name).value).join(' | ')

async function write(session: Session, page: HTMLElement): Promise<void> {
  await session.clock.advance(1_000)
  await userEvent.type(field(page, 'to'), 'The bakery')
  await userEvent.clear(field(page, 'copies'))
  await userEvent.type(field(page, 'copies'), '12')
  await userEvent.type(field(page, 'passphrase'), 'open sesame')
  await userEvent.click(field(page, 'text'))
  await userEvent.paste(TEXT)
  await session.clock.advance(300)
}

const stateOf = (page: HTMLElement) => page.querySelector<HTMLElement>('.letter-state')!.dataset['state']

export const Draft: Story = {
  name: 'What is typed is kept on this device',
  async play({ canvasElement, loaded }) {
    await write(sessionOf(loaded), canvasElement)
    await waitFor(() => expect(stateOf(canvasElement)).toBe('kept'))
  },
}

export const Expires: Story = {
  name: 'ux-48, B10: the session ends while somebody writes, and every character is there after the sign-in',
  async play({ canvasElement: page, loaded, globals }) {
    const session = sessionOf(loaded)
    const { actions } = localeOf(globals)
    await write(session, page)
    session.expire()
    void session.fetch(LETTERS).catch(() => {})
    await session.clock.advance(1_000)
    const bar = await waitFor(() => page.querySelector<HTMLElement>('.hf-bar[data-phase=authRequired]')!)
    // Nothing stops anybody from going on.
    await userEvent.type(field(page, 'text'), ' P.S.')
    await userEvent.click(within(bar).getByRole('button', { name: actions['sign-in'] }))
    await userEvent.unhover(bar)
    await waitFor(() => expect(field(page, 'password')).toBeVisible())
    await expect(page.querySelector('[name=text]')).toBeNull()
    await userEvent.type(field(page, 'password'), 'hunter2hunter2')
    await userEvent.click(within(page).getAllByRole('button', { name: 'Sign in' }).at(-1)!)
    await session.clock.advance(1_000)

    await waitFor(() => expect(inForm(page)).toBe(`The bakery | 12 | ${TEXT} P.S. | `))
    const everything = JSON.stringify({ ...localStorage })
    for (const secret of ['sesame', 'hunter2']) await expect(everything).not.toContain(secret)
    await userEvent.click(within(page).getByRole('button', { name: 'Send' }))
    await session.clock.advance(1_000)
    await waitFor(() => expect(inForm(page)).toBe(' | 1 |  | '))
    await expect(session.letters).toEqual([`ann: ${TEXT} P.S.`])
    await expect(JSON.stringify({ ...localStorage })).not.toContain('bakery')
    await session.clock.advance(5_000)
    await waitFor(() => expect(page.querySelector('.hf-bar:not(.hf-bar-leave-active *)')).toBeNull())
  },
}

export const SomebodyElse: Story = {
  name: 'B10, ux-49: somebody else who signs in sees an empty form, and the first one finds theirs again',
  async play({ canvasElement: page, loaded, globals }) {
    const session = sessionOf(loaded)
    await write(session, page)
    const as = async (name: string) => {
      session.expire()
      void session.fetch(LETTERS).catch(() => {})
      await session.clock.advance(1_000)
      const bar = await waitFor(() => page.querySelector<HTMLElement>('.hf-bar[data-phase=authRequired]')!)
      await userEvent.click(within(bar).getByRole('button', { name: localeOf(globals).actions['sign-in'] }))
      await waitFor(() => expect(field(page, 'name')).toBeVisible())
      await userEvent.clear(field(page, 'name'))
      await userEvent.type(field(page, 'name'), name)
      await userEvent.click(within(page).getAllByRole('button', { name: 'Sign in' }).at(-1)!)
      await session.clock.advance(5_000)
      await waitFor(() => expect(field(page, 'text')).toBeVisible())
    }
    await as('bob')
    await waitFor(() => expect(inForm(page)).toBe(' | 1 |  | '))
    await as('ann')
    await waitFor(() => expect(inForm(page)).toBe(`The bakery | 12 | ${TEXT} | `))
  },
}

export const SignsOut: Story = {
  name: 'B10, I15: whoever signs out leaves an empty form behind',
  async play({ canvasElement: page, loaded }) {
    const session = sessionOf(loaded)
    await write(session, page)
    session.signOut()
    await waitFor(() => expect(inForm(page)).toBe(' | 1 |  | '))
  },
}
