/** Says messages at fixed times at a real service, not by way of the proxy: what is said there is not in question. */
import { systemClock } from '../../../src/index.js'
import type { RealService } from '../service.js'
import { messageOf } from './live-plan.js'

/** Begins; returns its stop. */
export function publish(
  { target }: Pick<RealService, 'target'>,
  publishMs: readonly number[],
  startAt: number,
): () => void {
  const post = async (n: number): Promise<void> => {
    await fetch(`http://127.0.0.1:${target.port}/send`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Connection: 'close' },
      body: JSON.stringify({ id: `message-${n}`, topic: 'chat', data: messageOf(n) }),
    })
  }
  const cancels = publishMs.map((ms, index) =>
    systemClock.setTimeout(
      // A message that was not taken is missed in the trace.
      () => void post(index + 1).catch(() => {}),
      startAt + ms - Date.now(),
    ),
  )
  return () => cancels.forEach((cancel) => cancel())
}
