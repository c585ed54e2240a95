/** The catalogue: one file per scenario. */
import type { Scenario } from '../scenario.js'
import { answersTwice } from './answers-twice.js'
import { blip } from './blip.js'
import { captivePortal } from './captive-portal.js'
import { crashLoop } from './crash-loop.js'
import { failing503 } from './failing-503.js'
import { flaky } from './flaky.js'
import { flapping } from './flapping.js'
import { halfOpen } from './half-open.js'
import { lidClosed } from './lid-closed.js'
import { lyingOnline } from './lying-online.js'
import { maintenance } from './maintenance.js'
import { offline4s } from './offline-4s.js'
import { offline60s } from './offline-60s.js'
import { replyLost } from './reply-lost.js'
import { rollingDeploy } from './rolling-deploy.js'
import { serverKilled } from './server-killed.js'
import { serverRestarts } from './server-restarts.js'
import { slow3g } from './slow-3g.js'
import { slow } from './slow.js'
import { timeouts } from './timeouts.js'
import { tokenExpired } from './token-expired.js'
import { tunnel } from './tunnel.js'
import { wrongClock } from './wrong-clock.js'

/** The names of the catalogue, for menus and URLs. */
export type ScenarioName = keyof typeof scenarios

/** All scenarios, by name, in the order of a menu: from what nobody should notice to what everybody does. */
export const scenarios = {
  blip: blip,
  'offline-4s': offline4s,
  'offline-60s': offline60s,
  'server-restarts': serverRestarts,
  'server-killed': serverKilled,
  'rolling-deploy': rollingDeploy,
  'crash-loop': crashLoop,
  timeouts: timeouts,
  slow: slow,
  'slow-3g': slow3g,
  flaky: flaky,
  tunnel: tunnel,
  'half-open': halfOpen,
  'lid-closed': lidClosed,
  'reply-lost': replyLost,
  'answers-twice': answersTwice,
  'token-expired': tokenExpired,
  'lying-online': lyingOnline,
  'wrong-clock': wrongClock,
  maintenance: maintenance,
  flapping: flapping,
  'captive-portal': captivePortal,
  'failing-503': failing503,
} as const satisfies Readonly<Record<string, Scenario>>
