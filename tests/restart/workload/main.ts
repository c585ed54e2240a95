/** The page of the determinism test: it hands out the workload, and a test calls it. */
import { runWorkload } from '../../../mocks/determinism.js'

declare global {
  interface Window {
    /** What the test calls. */
    runWorkload: typeof runWorkload
  }
}
window.runWorkload = runWorkload
