/** Puts the kit's class in the place of the browser's own: in a page, a frame or a worker, before anything else runs. */
import { ReconnectingWebSocket } from '../../../../src/live/reconnecting-websocket.js'

/** Said by whoever builds it: one line for each object, as libraries want it, or the class as it is. */
declare const __KIND__: 'one line' | 'drop-in'

Object.assign(globalThis, {
  // The class itself asks for `globalThis.WebSocket` at each dial, which whoever builds this has renamed.
  OwnWebSocket: Reflect.get(globalThis, 'WebSocket'),
  WebSocket:
    __KIND__ === 'drop-in'
      ? ReconnectingWebSocket
      : // As patient as the browser's own: sockets that are opened together wait for each other's handshakes.
        ReconnectingWebSocket.with({ maxRetries: 0, maxEnqueuedMessages: 0, connectionTimeout: 120_000 }),
})
