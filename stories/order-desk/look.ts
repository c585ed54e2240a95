/** Looks at the page of a timeline, and at what it showed. */
import { expect, waitFor } from 'storybook/test'
import type { DeskStage } from './stage.js'

/** What can be seen: nothing, or a surface with its phase. A bar that is leaving is gone. */
function look(page: HTMLElement): string {
  const dialog = page.querySelector('.hf-dialog[open]')
  if (dialog?.checkVisibility()) return dialog.matches(':modal') ? 'modal' : 'panel'
  const bar = page.querySelector<HTMLElement>('.hf-bar')
  if (!bar?.checkVisibility({ visibilityProperty: true }) || bar.closest('.hf-bar-leave-active'))
    return 'none'
  return `${bar.dataset['tone']} ${bar.dataset['phase']}`
}

/** Goes on to a time, and looks at the page there. */
export async function at(stage: DeskStage, page: HTMLElement, seconds: number, seen: string): Promise<void> {
  await stage.to(seconds)
  await waitFor(() => expect(`${seconds} s: ${look(page)}`).toBe(`${seconds} s: ${seen}`))
}

/** What has come to be seen, and to be said, since somebody watches; each with its time in seconds. */
export interface Watch {
  readonly seen: readonly string[]
  readonly heard: readonly string[]
}

/** Every live region of the kit, in the bar, in the dialog and in the list. */
const LIVE = '[data-hf] :is([role=status], [role=alert], [role=log], [aria-live])'

/** One page is watched at a time: the story before is over. */
let observer: MutationObserver | null = null

/** Watches each change of the page, however short; what is there already is no news. */
export function watch(stage: DeskStage, page: HTMLElement): Watch {
  const seen: string[] = []
  const heard: string[] = []
  let shown = look(page)
  const said = new Map<Element, string>()
  const listen = (tell: (line: string) => void) => {
    for (const region of page.querySelectorAll(LIVE)) {
      // With its spaces: one at the end says the same words once more.
      const text = region.textContent ?? ''
      if (text && text !== said.get(region)) tell(`${region.role ?? 'live'}: ${text.trim()}`)
      said.set(region, text)
    }
  }
  const note = (line: string) => `${stage.seconds().toFixed(2)} ${line}`
  listen(() => {})
  observer?.disconnect()
  observer = new MutationObserver(() => {
    listen((line) => heard.push(note(line)))
    const now = look(page)
    if (now !== shown) seen.push(note((shown = now)))
  })
  observer.observe(page, { subtree: true, childList: true, characterData: true, attributes: true })
  return { seen, heard }
}

/** Two frames: whatever was changed is drawn. */
export const drawn = (): Promise<void> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))

/** Each surface that showed, with its first moment; what showed nothing is `none`. */
export function surfaces(stage: DeskStage): string[] {
  const seen: string[] = []
  for (const [seconds, phase, surface] of stage.beats) {
    const name = surface === 'none' ? 'none' : `${phase}/${surface}`
    if (seen.at(-1)?.split(' ')[1] !== name) seen.push(`${seconds.toFixed(2)} ${name}`)
  }
  return seen[0]?.endsWith(' none') ? seen.slice(1) : seen
}
