import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { fromRecording } from '../../mocks/index.js'
import { shoot, type Frame } from '../film/shoot.js'
import { strip } from '../film/strip.js'
import { MANY_ON_A_PAGE } from '../matrix/many-on-a-page.js'
import { localeOf } from '../support/still.js'
import recording from './server-killed.recording.json'

/**
 * An outage that has happened: the reference server was killed under a client of the kit, and was back twelve seconds
 * later. Its recorder wrote it down; here the order desk lives through the same.
 */
const meta = {
  title: 'Simulator/A recorded outage',
  tags: ['!autodocs'],
  parameters: { a11y: MANY_ON_A_PAGE },
} satisfies Meta

export default meta

const scenario = fromRecording(recording, { name: 'A server that was killed' })

export const ServerKilled: StoryObj = {
  name: 'B13: a server that was killed, as the kit recorded it',
  loaders: [async () => ({ frames: await shoot(scenario) })],
  render: (_args, { globals, loaded }) => ({
    render: () => strip(scenario, loaded['frames'] as readonly Frame[], localeOf(globals)),
  }),
  async play({ loaded }) {
    const frames = loaded['frames'] as readonly Frame[]
    // Ten seconds into the loss the dialog is there; afterwards everything that was placed is sent.
    await expect(frames.map(({ view }) => view.surface)).toEqual(expect.arrayContaining(['bar', 'modal']))
    await expect(frames.at(-1)!.view.surface).toBe('none')
    await expect(frames.at(-1)!.actions).toEqual([])
  },
}
