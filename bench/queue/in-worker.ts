/** Asks a service worker of its own life, so that it opens its database anew. */

/** Starts a worker that nobody has asked anything yet; `life`: unlike those before. */
export async function askWorker(life: string, asked: Record<string, unknown>): Promise<unknown> {
  const registration = await navigator.serviceWorker.register(`/worker.js?${life}`, {
    type: 'module',
    scope: `/${life}`,
  })
  const worker = (registration.installing ?? registration.waiting ?? registration.active)!
  await new Promise<void>((resolve) => {
    const look = () => worker.state === 'activated' && resolve()
    worker.addEventListener('statechange', look)
    look()
  })
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise<{ result?: unknown; error?: string }>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data)
  })
  worker.postMessage(asked, [port2])
  const { result, error } = await answer
  await registration.unregister()
  if (error) throw new Error(error)
  return result
}
