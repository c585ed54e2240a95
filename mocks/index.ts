/** `holdfast/simulator`: the network that misbehaves on demand. Never part of a production bundle. */
export { createNetwork, type Network, type NetworkOptions } from './network.js'
export { scenarios, type ScenarioName } from './scenarios/index.js'
export { manualClock, type ManualClock, type ManualClockOptions } from './manual-clock.js'
export { seededRandom } from './random.js'
export {
  createPlayback,
  type Playback,
  type PlaybackOptions,
  type PlaybackState,
} from './playback/playback.js'
export type { Button, Part } from './playback/buttons.js'
export type { Repertoire } from './playback/repertoire.js'
export type { Command, Script, TimedCommand } from './playback/script.js'
export { fromHar, type FromHarOptions } from './recording/har.js'
export { fromRecording, type FromRecordingOptions } from './recording/recording.js'
export { exposeNetwork, type ExposedNetwork } from './playwright-page.js'
export { installPage, type InstallPageOptions } from './install-page.js'
export type { AxiosErrors } from './axios-errors.js'
export type { Device, DeviceEvent, Wakefulness } from './device/device.js'
export type { DeviceAction } from './device/actions.js'
export type { Cause, Direction, Fault, FaultType, Only, RequestFault, Transport } from './faults.js'
export type { CallMatch, LogEntry, RequestEnd } from './log.js'
export type { StepAction, Scenario, Step } from './scenario.js'
export type {
  CrashLoop,
  GracefulRestart,
  KillRestart,
  LostSession,
  Restart,
  RollingRestart,
} from './restarts.js'
export type { Clients } from './socket/sockets.js'
