/** `holdfast/recorder`: what a connection lived through, as a file that the simulator can play. */
export { createRecorder } from './recorder.js'
export type { Recorder, RecorderOptions } from './recorder.js'
export type { LinkLine, RecordedLine, Recording, RequestLine, SilenceLine } from './recording.js'
