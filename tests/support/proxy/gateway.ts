/**
 * The HTTP stage: stands between the TCP stage and the service and passes everything through (streams,
 * upgrades, closes and resets included), until a fault strikes a request. Each connection of a client has one
 * of its own to the service, so that what is kept, closed and lost here is what is kept, closed and lost there.
 */
import { type IncomingMessage, type Server, ServerResponse, createServer, get } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../../src/core/clock.js'
import { type FaultBook, createFaultBook } from '../../../mocks/fault-book.js'
import type { Fault } from '../../../mocks/faults.js'
import { createLuck } from './luck.js'
import type { Target } from './pair.js'
import { type Talk, createTalk } from './talk.js'
import { visit } from './visit.js'

/** What the parts of a gateway share. */
export interface GatewayScene {
  readonly target: Target
  readonly clock: Clock
  readonly book: FaultBook
  /** The process of the service, as its last answer said; null: it has not said. */
  boot(): Promise<string | null>
  /** Reads the boot id off an answer. */
  heard(answer: IncomingMessage): void
  /** Whether a connection may serve another request. */
  keeps(): boolean
  /** A connection to the service that nothing else owns: it is closed at the end, if not before. */
  keepTrack(socket: Socket): void
  /** Calls back after each change of what is in force, until the stop. */
  onChange(listener: () => void): () => void
}

/** The HTTP stage. */
export interface Gateway {
  readonly port: number
  /** Puts a fault in force until the stop is called. */
  apply(fault: Fault): () => void
  stop(): Promise<void>
}

/**
 * Where nobody listens no connection is kept either, and this stage can only cut what it refuses: on a kept connection
 * the browser would send it again, as it does what a `reset` cuts there, and a single refusal would never be felt.
 */
const refuses = (fault: Fault): boolean => ('fault' in fault ? refuses(fault.fault) : fault.type === 'refuse')

/** Starts one on a port of its own. */
export async function createGateway(target: Target, clock: Clock, seed: number): Promise<Gateway> {
  const talks = new Map<Socket, Talk>()
  const tunnels = new Set<Socket>()
  const listeners = new Set<() => void>()
  const refusing = new Set<Fault>()
  let boot: string | null = null
  const luckOf = createLuck(seed)
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  const heard = (answer: IncomingMessage) => {
    const told = answer.headers['holdfast-boot']
    if (typeof told === 'string') boot = told
  }
  const scene: GatewayScene = {
    target,
    clock,
    book: createFaultBook(clock.now, changed),
    heard,
    async boot() {
      if (boot === null) await askHealth(target).then(heard, () => {})
      return boot
    },
    keepTrack(socket) {
      tunnels.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => tunnels.delete(socket))
    },
    keeps: () => refusing.size === 0,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }

  // No limit of its own: whatever is too long or too slow is the service's to refuse.
  const limits = {
    keepAliveTimeout: 0,
    headersTimeout: 0,
    requestTimeout: 0,
    maxHeaderSize: 1 << 20,
  }
  const server: Server = createServer({ ...limits, noDelay: true })
  server.on('connection', (client: Socket) => {
    talks.set(client, createTalk(client, clock.now()))
    client.once('close', () => talks.delete(client))
  })
  const enter = (request: IncomingMessage, response: ServerResponse, head: Buffer | null) => {
    const talk = talks.get(request.socket)
    if (!talk) return void request.socket.destroy()
    // A preflight is the browser's own question: it has no luck of its own.
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
    visit(scene, talk, {
      request,
      response,
      upgradeHead: head,
      random: isPreflight ? null : luckOf(request),
    })
  }
  server.on('request', (request, response) => enter(request, response, null))
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = new ServerResponse(request)
    response.assignSocket(socket)
    response.shouldKeepAlive = false
    enter(request, response, head)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as { port: number }).port,
    apply(given) {
      // An object of its own: the same fault may be in force twice.
      const fault = structuredClone(given)
      const stop = scene.book.apply(fault)
      if (refuses(fault)) {
        refusing.add(fault)
        for (const talk of talks.values()) if (talk.open === 0) talk.client.end()
      }
      return () => {
        refusing.delete(fault)
        stop()
      }
    },
    async stop() {
      const closed = server.listening
        ? new Promise<void>((resolve) => server.close(() => resolve()))
        : Promise.resolve()
      for (const socket of [...talks.keys(), ...tunnels]) socket.destroy()
      await closed
    },
  }
}

/** Without a connection that is kept. */
function askHealth({ host = '127.0.0.1', port }: Target): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/health', agent: false }, (answer) => {
      answer.resume()
      resolve(answer)
    }).on('error', reject)
  })
}
