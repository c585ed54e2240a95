/** Looks at the page of a timeline, and at what it showed. */
import { expect, waitFor } from 'storybook/test'
import type { DeskStage } from './stage.js'

/** What can be seen: nothing, or a surface with its phase. A bar that is leaving is gone. */
function look(page: HTMLElement): string {
  if (page.querySelector('dialog[open]')) return 'modal'
  const bar = page.querySelector<HTMLElement>('.hf-bar')
  if (!bar || bar.closest('.hf-bar-leave-active')) return 'none'
  return `${bar.dataset['tone']} ${bar.dataset['phase']}`
}

/** Goes on to a time, and looks at the page there. */
export async function at(stage: DeskStage, page: HTMLElement, seconds: number, seen: string): Promise<void> {
  await stage.to(seconds)
  await waitFor(() => expect(`${seconds} s: ${look(page)}`).toBe(`${seconds} s: ${seen}`))
}

/** Each surface that showed, with its first moment; what showed nothing is `none`. */
export function surfaces(stage: DeskStage): string[] {
  const seen: string[] = []
  for (const [seconds, phase, surface] of stage.beats) {
    const name = surface === 'none' ? 'none' : `${phase}/${surface}`
    if (seen.at(-1)?.split(' ')[1] !== name) seen.push(`${seconds.toFixed(2)} ${name}`)
  }
  return seen[0]?.endsWith(' none') ? seen.slice(1) : seen
}
