/** What each phase says, from the same table that its stories are made of. */
import { en } from '../../src/components/locales/en.js'
import { joined, say } from '../../src/components/locales/text.js'
import { BARS, type PhaseView } from '../components/phases.js'

/** One line of the guide's table. */
export interface PhaseWords {
  readonly name: string
  readonly phase: string
  readonly tone: string
  readonly says: string
  readonly offers: string
}

/** Each phase that has a bar, and its variants. */
export const PHASE_WORDS: readonly PhaseWords[] = Object.entries<PhaseView>(BARS).map(([name, view]) => ({
  name,
  phase: view.phase,
  tone: view.tone ?? 'idle',
  says: joined(en, view.title ? say(en, view.title) : '', view.detail ? say(en, view.detail) : ''),
  offers: (view.actions ?? []).map((action) => en.actions[action]).join(', '),
}))
