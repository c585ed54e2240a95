/** Walks a script through the interface: what a person does is done with keys and pointer, and the page is looked at. */
import { userEvent } from 'storybook/test'
import type { Locale } from '../../src/components/index.js'
import { say } from '../../src/components/locales/text.js'
import type { PageEvent, StatusView } from '../../src/status/view.js'
import type { Script, ScriptStep } from '../../tests/status/script.js'
import { setHidden } from '../support/page-state.js'
import type { WalkStage } from './walk-stage.js'

const barOf = (page: HTMLElement) => page.querySelector<HTMLElement>('.hf-bar:not(.hf-bar-leave-active *)')
const foreignOf = (page: HTMLElement) => page.querySelector<HTMLDialogElement>('.walk-foreign')!

/** While one message fades into the next, both are there. */
const MESSAGE = '.hf-message:not(.hf-message-leave-active) .hf-title'

/** What can be seen: a surface with its phase, and in the bar its words. Of nothing, only the machine knows the phase. */
function seen(page: HTMLElement, stage: WalkStage): string {
  const dialog = page.querySelector<HTMLElement>('.hf-dialog[open]')
  if (dialog) return `${dialog.dataset['phase']}/modal`
  const bar = barOf(page)
  if (!bar) return `${stage.status.view.phase}/none`
  return `${bar.dataset['phase']}/bar ${bar.dataset['tone']} ${bar.querySelector(MESSAGE)?.textContent?.trim()}`
}

function expected({ phase, surface, tone, title }: StatusView, words: Locale): string {
  const told = surface === 'bar' && title ? ` ${tone} ${say(words, title)}` : ''
  return `${phase}/${surface}${told}`
}

/** A person, or the browser, as far as a page can tell. */
async function act(page: HTMLElement, event: PageEvent): Promise<void> {
  const foreign = foreignOf(page)
  switch (event.type) {
    case 'TYPED':
      if (!foreign.open) page.querySelector<HTMLElement>('.walk-note')!.focus()
      await userEvent.keyboard('x')
      return
    case 'HIDDEN':
      return setHidden(event.hidden)
    case 'FOREIGN_DIALOG':
      return event.open ? foreign.showModal() : foreign.close()
    case 'ENGAGED':
      return event.engaged ? userEvent.hover(barOf(page)!) : userEvent.unhover(barOf(page)!)
    case 'DISMISS':
      return press(page, page.querySelector('.hf-dialog[open]') ? 'keep-working' : 'dismiss')
    case 'COMPOSING':
      return void document.dispatchEvent(
        new CompositionEvent(event.on ? 'compositionstart' : 'compositionend'),
      )
  }
}

const press = (page: HTMLElement, action: string): Promise<void> =>
  userEvent.click(page.querySelector<HTMLElement>(`:is(.hf-dialog[open], .hf-bar) [data-action=${action}]`)!)

async function take(step: ScriptStep, stage: WalkStage, page: HTMLElement): Promise<void> {
  if (step.do === 'connection') stage.setConnection(step.state)
  if (step.do === 'facts') stage.setFacts(step.facts)
  if (step.do === 'page') await act(page, step.event)
  if (step.do === 'press') {
    await press(page, step.action)
    if (!stage.asked.includes(step.action))
      throw new Error(`${step.at} ms: nobody was asked to ${step.action}`)
  }
}

/** A page is drawn a moment after its data have changed. `expect` notes each call for a panel: too slow for a thousand. */
async function look(page: HTMLElement, stage: WalkStage, when: string, want: string): Promise<void> {
  for (let frame = 0; frame < 60 && seen(page, stage) !== want; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  if (seen(page, stage) !== want) throw new Error(`${when}: it shows ${seen(page, stage)}, and not ${want}`)
}

/** Walks all of it, and hands back how often the page was looked at. */
export async function walk(
  { steps }: Script,
  stage: WalkStage,
  page: HTMLElement,
  words: Locale,
): Promise<number> {
  let looks = 0
  for (const [index, step] of steps.entries()) {
    await stage.clock.advanceTo(step.at)
    await take(step, stage, page)
    await stage.clock.settle()
    // What changes goes on in the same instant, or is looked at next.
    const isOver = step.do === 'look' || steps[index + 1]?.at !== step.at
    if (!isOver) continue
    await look(page, stage, `${step.at} ms, ${step.do}`, expected(step.then, words))
    looks++
  }
  return looks
}
