/** What the bench asks for in the page. */
import { createApp, h, nextTick, shallowRef, type Component } from 'vue'
import '../../src/components/style.css'
import { QueuedActionList } from '../../src/components/index.js'
import type { Action } from '../../src/vue/queue-port.js'
import { createHoldfast } from '../../src/vue/index.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'
import { createFeed, rowAt } from './feed.js'
import FloorList from './FloorList.vue'
import PlainList from './PlainList.vue'
import TanstackList from './TanstackList.vue'
import VueUseList from './VueUseList.vue'

/** A list on the page. */
interface Mounted {
  put(rows: readonly Action[]): void
  unmount(): void
}

/** Below a heading that counts, as the kit's has one: to lay it out anew is a part of every change of their number. */
const bare =
  (List: Component) =>
  (place: Element, first: readonly Action[]): Mounted => {
    const rows = shallowRef(first)
    const heading = () => h('h2', `${rows.value.length} changes waiting`)
    const app = createApp({
      render: () =>
        h('section', { class: 'hf hf-queue' }, [
          h('div', { class: 'hf-queue-head' }, [heading()]),
          h(List, { rows: rows.value }),
        ]),
    })
    app.mount(place)
    return { put: (next) => (rows.value = next), unmount: () => app.unmount() }
  }

/** The kit's list, with groups or without. */
const holdfast =
  (props: object) =>
  (place: Element, first: readonly Action[]): Mounted => {
    const { connections, status } = fixedHoldfast({})
    const queue = createFeed(first)
    const app = createApp({ render: () => h(QueuedActionList, props) })
    app.use(createHoldfast({ connections, status, queue })).mount(place)
    return { put: queue.put, unmount: () => app.unmount() }
  }

const byObject = { groupOf: ({ position }: Action) => `Order ${Math.floor(position / 8)}` }

const CONTESTANTS: Readonly<Record<string, (place: Element, first: readonly Action[]) => Mounted>> = {
  floor: bare(FloorList),
  holdfast: holdfast({}),
  'holdfast, by object': holdfast(byObject),
  'plain v-for': bare(PlainList),
  '@tanstack/vue-virtual': bare(TanstackList),
  'useVirtualList of VueUse': bare(VueUseList),
}

/** So many changes are timed together: a clock of a page is coarse. */
const TOGETHER = 20

const frame = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)))

/** Milliseconds of one change, from the new rows to a page that is laid out. */
async function timed(count: number, change: (round: number) => void): Promise<number> {
  const began = performance.now()
  for (let round = 0; round < count; round++) {
    change(round)
    await nextTick()
    void document.body.offsetHeight
  }
  return (performance.now() - began) / count
}

async function measure(name: string, count: number, samples: number) {
  const place = document.body.appendChild(document.createElement('main'))
  let rows = Array.from({ length: count }, (_, at) => rowAt(at))
  const list = CONTESTANTS[name]!(place, rows)
  await frame()
  await frame()
  const nodes = place.querySelectorAll('*').length
  const together = name === 'plain v-for' ? 2 : TOGETHER
  const updates: number[] = []
  const appends: number[] = []
  const labels = Array.from({ length: together }, (_, at) => `changed ${at}`)
  for (let sample = 0; sample < samples; sample++) {
    // What comes in is made beforehand: the list is measured, not the queue.
    const changed = labels.map((label) => rows.with(3, { ...rows[3]!, label: `${label} ${sample}` }))
    updates.push(await timed(together, (round) => list.put(changed[round]!)))
    rows = changed.at(-1)!
    const grown = labels.map((_, more) => [
      ...rows,
      ...Array.from({ length: more + 1 }, (__, at) => rowAt(rows.length + at)),
    ])
    appends.push(await timed(together, (round) => list.put(grown[round]!)))
    rows = rows.slice()
    list.put(rows)
    await frame()
  }
  list.unmount()
  place.remove()
  return { nodes, updates, appends }
}

Object.assign(globalThis, { bench: { names: Object.keys(CONTESTANTS), measure } })
