/** What the bench asks for in the page. */
import { measureEnqueue, measureReplay, type Contestant } from './contestant.js'
import { holdfast } from './holdfast.js'
import { askWorker } from './in-worker.js'
import { createService } from './items.js'
import { keyval } from './keyval.js'
import { measureOnline } from './online.js'
import { raw } from './raw.js'

const contestants: Readonly<Record<string, Contestant>> = {
  'raw, strict': raw('strict'),
  'raw, relaxed': raw('relaxed'),
  holdfast,
  'idb-keyval': keyval,
}

const bench = {
  async keepAndReplay(name: string, db: string, count: number) {
    const contestant = contestants[name]!
    const enqueue = await measureEnqueue(contestant, db, count)
    const replay = await measureReplay(contestant, db, count, createService())
    indexedDB.deleteDatabase(db)
    return { enqueue, replay }
  },
  fill: (name: string, db: string, count: number) => contestants[name]!.fill(db, count),
  reopen: (name: string, db: string) => contestants[name]!.reopen(db),
  online: measureOnline,
  worker: askWorker,
}

Object.assign(globalThis, { bench })
