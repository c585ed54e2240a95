/** The log: filtered, copied, and walked through by keys. */
import {
  createElement as h,
  useEffect,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
} from 'react'
import { copyOf, filterLines, nameOf, type LogLine } from './log-lines.js'

/** What the log needs. */
export interface LogViewProps {
  /** All lines, in order. */
  readonly lines: readonly LogLine[]
  /** Whether time passes: how many lines there are is not read aloud then, or it would never end. */
  readonly plays: boolean
  /** What they are filtered by. */
  readonly filter: string
  /** The request that is looked at; null: none. */
  readonly chosen: number | null
  /** Somebody typed another filter. */
  readonly onFilter: (filter: string) => void
  /** Somebody chose a line. */
  readonly onChoose: (request: number) => void
  /** Somebody wants this text in the clipboard. */
  readonly onCopy: (text: string) => void
}

/** As many as are drawn; a filter finds older ones. */
const MOST_LINES = 500

/** The heads of the columns, with the classes of their cells. */
const HEADS = [
  ['Time', 'hfs-number'],
  ['#', 'hfs-number'],
  ['Asked', 'hfs-asked'],
  ['Way', 'hfs-transport'],
  ['Fault', ''],
  ['Came back', ''],
  ['Took', 'hfs-number hfs-took'],
  ['Connection after', 'hfs-after'],
] as const

/** Whether a click is the end of selecting text; a key's has no number. */
const hasSelected = ({ detail }: MouseEvent): boolean =>
  detail > 0 && globalThis.getSelection?.()?.isCollapsed === false

interface TableProps extends Pick<LogViewProps, 'lines' | 'chosen' | 'onChoose'> {
  /** How many are not drawn before them: a row stays the row of its line. */
  readonly first: number
}

/** The table: one tab stop, the arrows go from line to line. */
function Table({ lines, first, chosen, onChoose }: TableProps): ReactElement {
  const body = useRef<HTMLTableSectionElement>(null)
  const stop = lines.some(({ id }) => id === chosen) ? chosen : (lines.at(-1)?.id ?? null)
  useEffect(() => {
    const line = body.current?.querySelector<HTMLElement>('tr[data-chosen=true]')
    line?.scrollIntoView?.({ block: 'nearest' })
  }, [chosen])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = event.currentTarget.closest('tr')
    const next: Readonly<Record<string, Element | null | undefined>> = {
      ArrowDown: row?.nextElementSibling,
      ArrowUp: row?.previousElementSibling,
      Home: body.current?.firstElementChild,
      End: body.current?.lastElementChild,
    }
    if (!(event.key in next)) return
    event.preventDefault()
    const button = next[event.key]?.querySelector('button')
    button?.focus()
    if (button?.getAttribute('aria-pressed') === 'false') button.click()
  }
  const row = (line: LogLine, at: number): ReactElement => {
    const { id, time, asked, transport, fault, came, took, after, tone } = line
    const isChosen = id === chosen
    const isStop = id === stop && lines.findIndex((one) => one.id === id) === at
    const number = h(
      'button',
      {
        ...{ type: 'button', className: 'hfs-id', tabIndex: isStop ? 0 : -1, 'aria-pressed': isChosen },
        ...{ 'aria-label': nameOf(line), onKeyDown },
      },
      id,
    )
    return h(
      'tr',
      // Wherever somebody points at it; the button's own click gets here, too.
      { key: first + at, 'data-chosen': isChosen, onClick: (event) => hasSelected(event) || onChoose(id) },
      h('td', { className: 'hfs-number' }, time),
      h('td', { className: 'hfs-number' }, number),
      h('td', { className: 'hfs-asked', title: asked }, asked),
      h('td', { className: 'hfs-transport' }, transport),
      h('td', null, fault),
      h('td', { className: 'hfs-came', 'data-tone': tone }, came),
      h('td', { className: 'hfs-number hfs-took' }, took),
      h('td', { className: 'hfs-after' }, after),
    )
  }
  return h(
    'table',
    { className: 'hfs-table' },
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        HEADS.map(([head, className]) => h('th', { key: head, scope: 'col', className }, head)),
      ),
    ),
    h('tbody', { ref: body }, lines.map(row)),
  )
}

/** A last line that is cut by less than this is at the end (px). */
const NEARLY_PX = 24

/**
 * For a box that scrolls: what is newest stays in sight when there is more (`content` is another) and when the box
 * becomes another size, until somebody scrolls away from it or looks at a line.
 */
function useNewestInSight(content: string, isFree: boolean) {
  const ref = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const last = useRef(0)
  /** Only who goes up goes away: a box that has become lower is not at its end, and nobody has moved. */
  const onScroll = (): void => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = ref.current ?? {}
    if (scrollHeight - scrollTop - clientHeight < NEARLY_PX) isAtEnd.current = true
    else if (scrollTop < last.current) isAtEnd.current = false
    last.current = scrollTop
  }
  const toEnd = (): void => {
    const box = ref.current
    if (!box || !isFree) return
    // Its event may be still to come.
    onScroll()
    if (!isAtEnd.current) return
    box.scrollTop = box.scrollHeight
    last.current = box.scrollTop
  }
  useEffect(toEnd, [content, isFree])
  useEffect(() => {
    const box = ref.current
    if (!box || typeof ResizeObserver === 'undefined') return
    const sizes = new ResizeObserver(toEnd)
    // Lines are no box: the table is, and grows when letters do.
    for (const one of [box, box.firstElementChild]) if (one) sizes.observe(one)
    return () => sizes.disconnect()
  }, [isFree])
  return { ref, onScroll }
}

/** The log. */
export function LogView(props: LogViewProps): ReactElement {
  const { lines, plays, filter, chosen, onFilter, onChoose, onCopy } = props
  const shown = filterLines(lines, filter)
  const drawn = shown.slice(-MOST_LINES)
  const scroll = useNewestInSight(`${lines.length} ${filter}`, chosen === null)
  const count =
    shown.length === lines.length ? `${lines.length} lines` : `${shown.length} of ${lines.length} lines`
  return h(
    'section',
    { className: 'hfs-log', 'aria-label': 'Log' },
    h(
      'div',
      { className: 'hfs-bar' },
      h('input', {
        ...{ className: 'hfs-field', type: 'search', value: filter, placeholder: 'Filter: orders -health' },
        ...{ 'aria-label': 'Filter the log', title: 'Words that must be there; with a minus: that must not' },
        onChange: (event: { target: { value: string } }) => onFilter(event.target.value),
      }),
      h('span', { className: 'hfs-count', role: 'status', 'aria-live': plays ? 'off' : 'polite' }, count),
      h(
        'button',
        { type: 'button', className: 'hfs-text', onClick: () => onCopy(copyOf(shown)) },
        'Copy log',
      ),
    ),
    h(
      'div',
      { className: 'hfs-scroll', ...scroll, tabIndex: 0, role: 'region', 'aria-label': 'Lines of the log' },
      h(Table, { lines: drawn, first: shown.length - drawn.length, chosen, onChoose }),
    ),
  )
}
