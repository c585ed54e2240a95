/** How a film is read: beside each film, folded, and as a page of its own. */
import { h, type VNode } from 'vue'
import './legend.css'

/** What stands in a film, and what it means. A tone is a colour of the bar. */
export const LEGEND: readonly {
  readonly sign: string
  readonly tone?: 'idle' | 'info' | 'warn' | 'bad' | 'ok'
  readonly means: string
}[] = [
  {
    sign: '2.0 s for 9.0 s',
    means:
      'A frame: what people see from that second on, and for how long. Another frame begins when something else is told; where little is told, when something else is on the page.',
  },
  {
    sign: 'reconnecting',
    means: 'What the kit tells, its phase. “Nothing shows”: no bar and no dialog, on purpose.',
  },
  {
    sign: 'amber',
    tone: 'warn',
    means: 'Trying again, or dropping again and again, or somebody has to sign in or to look.',
  },
  { sign: 'red', tone: 'bad', means: 'Lost for ten seconds, or given up; as a dialog, then as a bar.' },
  { sign: 'green', tone: 'ok', means: 'Back, for three seconds.' },
  { sign: 'blue', tone: 'info', means: 'On its way: sending changes, catching up, planned maintenance.' },
  { sign: 'grey', tone: 'idle', means: 'Slow, connecting for the first time, or offline by choice.' },
  {
    sign: 'Updating the list…',
    means: 'The desk has asked for its list of orders and has no answer: what it shows is old.',
  },
  {
    sign: 'Oven: live, heard 1 of 2',
    means: 'A socket: what the page takes it for, and how much of what was said on it has come.',
  },
  {
    sign: 'Network',
    means:
      'What the simulator does to the network when the frame begins, or in the course of it, by its own names. “Lost”: what was open stays open and is silent for ever.',
  },
  {
    sign: 'Server',
    means:
      'What the server has done by then, which no page can know: orders that it has, and those that came twice and were taken once.',
  },
  { sign: 'And so on', means: 'A dashed frame: so many moments like those before it are left out.' },
]

const sign = ({ sign: words, tone }: (typeof LEGEND)[number]): VNode =>
  h('dt', [tone ? h('span', { class: 'strip-tone', 'data-tone': tone }) : null, words])

/** The list alone. */
export const signs = (): VNode =>
  h(
    'dl',
    { class: 'strip-signs', dir: 'ltr' },
    LEGEND.map((one) => h('div', { key: one.sign }, [sign(one), h('dd', one.means)])),
  )

/** Folded, above a film. */
export const legend = (): VNode =>
  h('details', { class: 'strip-legend' }, [h('summary', h('bdi', 'How to read this film')), signs()])
