/** An application that records its outages. Shown in a guide, run by record.test.ts. */
// #region recorder
import { createConnection, probe, type ConnectionOptions } from '../../src/index.js'
import { attachFetch, type HoldfastFetch } from '../../src/http/fetch.js'
import { createRecorder, type Recording } from '../../src/recorder/index.js'

export interface ShopOptions extends Pick<ConnectionOptions, 'clock' | 'random' | 'signals'> {
  fetch: typeof globalThis.fetch
  /** Where recordings go: your telemetry, or a file. */
  keep: (recording: Recording) => void
}

export function startShop({ fetch, keep, ...options }: ShopOptions): {
  shop: HoldfastFetch
  stop: () => void
} {
  const connection = createConnection({ probe: probe('https://shop.example/health', { fetch }), ...options })
  const http = attachFetch(fetch, { connection, log: (line) => recorder.log(line) })
  const recorder = createRecorder({ connection, sources: [http], routes: ['/cart'], onOutage: keep })
  connection.start()
  return {
    shop: http.fetch,
    stop: () => [recorder.stop, http.detach, connection.stop].forEach((end) => end()),
  }
}
// #endregion recorder
