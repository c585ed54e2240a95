/** The built Storybook, and which stories it has. */
import { existsSync, readFileSync } from 'node:fs'

/** Where it was built: `HOLDFAST_STORYBOOK`, or where `npm run build-storybook` puts it. */
export const STATIC = process.env['HOLDFAST_STORYBOOK'] ?? 'storybook-static'

/** A story as Storybook lists it. */
export interface StoryEntry {
  readonly id: string
  readonly title: string
  readonly name: string
  readonly tags: readonly string[]
}

/** All stories, in the order of the sidebar; throws where no Storybook was built. */
export function listStories(): readonly StoryEntry[] {
  const index = `${STATIC}/index.json`
  if (!existsSync(index)) throw new Error('No Storybook was built: npm run visual builds it first.')
  const { entries } = JSON.parse(readFileSync(index, 'utf8')) as {
    readonly entries: Readonly<Record<string, StoryEntry & { readonly type: string }>>
  }
  return Object.values(entries).filter(({ type }) => type === 'story')
}

/** The components that the matrix has, each with a story of all its states: `matrix-every-state--…`. */
export const COMPONENTS = [
  'status-bar',
  'retry-modal',
  'queued-action-list',
  'connection-badge',
  'saved-hint',
  'connection-details',
] as const
