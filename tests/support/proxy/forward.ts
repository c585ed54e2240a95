/** A request goes on to the service as it came, on the connection that belongs to its client's. */
import { type ClientRequest, type IncomingMessage, request as ask } from 'node:http'
import type { Socket } from 'node:net'
import type { AnswerHead } from './answers.js'
import type { GatewayScene } from './gateway.js'
import { type Talk, adopt } from './talk.js'

/** What comes of it: one of these, and after an answer perhaps also its loss. */
export interface Outcome {
  onAnswer(reply: IncomingMessage): void
  /** It has become something else; `head` is what was said right behind the handshake. */
  onUpgrade(reply: IncomingMessage, service: Socket, head: Buffer): void
  /** Refused, cut, or closed without an answer. */
  onLost(): void
}

/** Sends the head; the body is the caller's. */
export function forward(
  scene: GatewayScene,
  talk: Talk,
  request: IncomingMessage,
  { onAnswer, onUpgrade, onLost }: Outcome,
): ClientRequest {
  const { host = '127.0.0.1', port } = scene.target
  const { method, url: path, rawHeaders: headers } = request
  const sent = ask({
    host,
    port,
    method,
    path,
    headers,
    setHost: false,
    agent: talk.agent,
  })
  sent.on('drain', () => request.resume())
  sent.on('socket', (socket) => adopt(talk, socket))
  sent.on('error', onLost)
  sent.on('response', (reply) => {
    scene.heard(reply)
    onAnswer(reply)
  })
  sent.on('upgrade', (reply, service: Socket, head) => {
    scene.heard(reply)
    scene.keepTrack(service)
    onUpgrade(reply, service, head)
  })
  return sent
}

/** As it stood on the wire. */
export function headOf({ statusCode = 502, statusMessage = '', rawHeaders }: IncomingMessage): AnswerHead {
  return { status: statusCode, text: statusMessage, headers: rawHeaders }
}
