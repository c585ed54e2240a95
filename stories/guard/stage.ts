/** A bakery whose stock is a service of its own: it may be slow or broken while the rest is well. */
import { http, HttpResponse } from 'msw'
import { shallowReactive } from 'vue'
import { createNetwork, seededRandom, type Network } from '../../mocks/index.js'
import type { Clock } from '../../src/index.js'
import { createGuard, type DegradeNews, type Guard } from '../../src/guard/index.js'

/** How the service is. */
export type Health = 'well' | 'slow' | 'broken'

/** What is baked, and how much of it is left. */
export const BREADS = { rye: 12, spelt: 7, wheat: 31 } as const
/** A bread's name. */
export type Bread = keyof typeof BREADS

/** The service, its guard and what those who operate it hear. */
export interface StockStage {
  readonly guard: Guard
  readonly network: Network
  /** What a page shows besides: how the service is, how often it was asked, what was told. */
  readonly told: { health: Health; asked: number; readonly news: DegradeNews[] }
  readonly ask: (bread: Bread, signal?: AbortSignal) => Promise<number>
}

/** How long the service works when it is slow (ms): far more than the article's 800. */
const SLOW_MS = 2_000

/** Sets it on this clock. */
export function createStockStage(clock: Clock): StockStage {
  const told = shallowReactive({
    health: 'well' as Health,
    asked: 0,
    news: shallowReactive<DegradeNews[]>([]),
  })
  const network: Network = createNetwork({
    clock,
    handlers: [
      http.get('https://bakery.example/stock/:bread', async ({ params }) => {
        told.asked++
        if (told.health === 'broken') return new HttpResponse(null, { status: 503 })
        if (told.health === 'slow') await network.delay(SLOW_MS)
        return HttpResponse.json({ left: BREADS[params['bread'] as Bread] })
      }),
    ],
  })
  const guard = createGuard({
    name: 'stock',
    slowAfterMs: 800,
    onDegrade: (one) => told.news.push(one),
    clock,
    random: seededRandom(1),
  })
  return {
    guard,
    network,
    told,
    async ask(bread, signal) {
      const answer = await network.fetch(`https://bakery.example/stock/${bread}`, signal ? { signal } : {})
      if (!answer.ok) throw Object.assign(new Error('the stock is not known'), { status: answer.status })
      return ((await answer.json()) as { left: number }).left
    },
  }
}
