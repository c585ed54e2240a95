/** What the bench asks for in a service worker: workbox, and the floor in the same place. */
import { measureEnqueue, measureReplay, type Contestant } from './contestant.js'
import { createService } from './items.js'
import { raw } from './raw.js'
import { workbox } from './workbox.js'

const contestants: Readonly<Record<string, Contestant>> = { workbox, 'raw, relaxed': raw('relaxed') }

const tasks = {
  async keepAndReplay(name: string, db: string, count: number) {
    const enqueue = await measureEnqueue(contestants[name]!, db, count)
    return { enqueue, replay: await measureReplay(contestants[name]!, db, count, createService()) }
  },
  fill: (name: string, db: string, count: number) => contestants[name]!.fill(db, count),
  reopen: (name: string, db: string) => contestants[name]!.reopen(db),
}

/** As the page sends it, with a port for the answer. */
interface Asked {
  readonly task: keyof typeof tasks
  readonly name: string
  readonly db: string
  readonly count: number
}

/** The part of ExtendableMessageEvent that is used; the types of a page do not know it. */
interface WorkerMessage extends MessageEvent<Asked> {
  waitUntil(work: Promise<unknown>): void
}

addEventListener('install', () => void (globalThis as never as { skipWaiting(): unknown }).skipWaiting())
addEventListener('message', (event) => {
  const { data, ports, waitUntil } = event as WorkerMessage
  const { task, name, db, count } = data
  const work = tasks[task](name, db, count).then(
    (result) => ports[0]!.postMessage({ result }),
    (error: unknown) => ports[0]!.postMessage({ error: String(error) }),
  )
  waitUntil.call(event, work)
})
