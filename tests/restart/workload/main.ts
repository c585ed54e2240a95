/** The page of the determinism test: it hands out the workload, and a test calls it. */
import { installPage } from '../../../mocks/install-page.js'
import { runWorkload } from '../../support/workload/workload.js'

declare global {
  interface Window {
    /** What the test calls. */
    runWorkload: typeof runWorkload
    /** The same, through the globals of the page. */
    runInstalled: () => ReturnType<typeof runWorkload>
  }
}
window.runWorkload = runWorkload
window.runInstalled = () =>
  runWorkload({
    install: (network) => installPage(network, { webSocket: true }),
    leave: () => ({
      fetch: (input, init) => globalThis.fetch(input, init),
      WebSocket: globalThis.WebSocket,
    }),
  })
