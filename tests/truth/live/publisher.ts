/** Says messages at fixed times at a real service, not by way of the proxy: what is said there is not in question. */
import { systemClock } from '../../../src/index.js'
import type { RealService } from '../service.js'
import { messageOf } from './live-plan.js'

const HEADERS = { 'Content-Type': 'application/json', Connection: 'close' }

/** Begins; returns its stop. `signsIn`: the service asks for a token. `first`: the number of the first message. */
export function publish(
  { target }: Pick<RealService, 'target'>,
  publishMs: readonly number[],
  startAt: number,
  { signsIn = false, first = 1 }: { readonly signsIn?: boolean; readonly first?: number } = {},
): () => void {
  const post = (path: string, body: object, headers: object = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${target.port}${path}`, {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body: JSON.stringify(body),
    })
  const shown = async (): Promise<object> => {
    const answer = await post('/auth/login', { user: 'publisher' })
    return { Authorization: `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}` }
  }
  const publishOne = async (n: number): Promise<void> => {
    const headers = signsIn ? await shown() : {}
    await post('/send', { id: `message-${n}`, topic: 'chat', data: messageOf(n) }, headers)
  }
  const cancels = publishMs.map((ms, index) =>
    systemClock.setTimeout(
      // A message that was not taken is missed in the trace.
      () => void publishOne(first + index).catch(() => {}),
      startAt + ms - Date.now(),
    ),
  )
  return () => cancels.forEach((cancel) => cancel())
}
