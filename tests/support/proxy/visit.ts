/** One request through the gateway: up through a lane, to the service or to a verdict, down through another. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Random } from '../../../src/core/clock.js'
import { seededRandom } from '../../../mocks/random.js'
import { type AnswerHead, type Verdict, answerTo, bearsMarks, verdictOf } from './answers.js'
import { before, goOn, pour, write } from './carry.js'
import { forward, headOf } from './forward.js'
import type { GatewayScene } from './gateway.js'
import { type Freight, createLane } from './lane.js'
import { writeHead } from './raw-headers.js'
import type { Talk } from './talk.js'
import { type CloseFault, createStruck } from './struck.js'
import { openTunnel } from './tunnel.js'

/** What comes in. */
export interface Visitor {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What came right behind the request for an upgrade; null: this is none. */
  readonly upgradeHead: Buffer | null
  /** The luck of this request; null: faults spare it. */
  readonly random: Random | null
}

/** An answer on its way down. */
type Answer = AnswerHead & {
  readonly upgrade?: { service: Socket; head: Buffer }
}

/** Sees one request through; it ends by itself. */
export function visit(scene: GatewayScene, talk: Talk, visitor: Visitor): void {
  const { request, response, upgradeHead } = visitor
  const { client } = talk
  const random = visitor.random ?? seededRandom(0)
  const struck = createStruck(scene, visitor)
  let outgoing: ClientRequest | null = null
  let incoming: IncomingMessage | null = null
  let answer: Answer | null = null
  let state: 'going' | 'closed' | 'tunnel' | 'over' = 'going'

  talk.open += 1
  talk.served += 1
  const up = createLane({
    clock: scene.clock,
    random: random.fork('up'),
    first: talk.served > 1 ? 'data' : 'syn',
    faults: () => struck.faults('up'),
    deliver(freight) {
      if (freight.kind === 'head') decide()
      else if (freight.kind === 'bytes' && outgoing) write(outgoing, freight.bytes, request)
      else if (freight.kind === 'end') outgoing?.end()
    },
    onCut: lose,
    onDrained: () => goOn(request, outgoing),
  })
  const down = createLane({
    clock: scene.clock,
    random: random.fork('down'),
    first: 'data',
    isBody: true,
    faults: () => struck.faults('down'),
    deliver: deliverDown,
    onCut: (how) => (how === 'end' ? endEarly() : lose()),
    onDrained: () => goOn(incoming, response),
  })

  /** What the service says, until a fault has closed it. */
  const said = before(down, (freight) => {
    if (state === 'going') down.take(freight)
  })

  function lose() {
    client.resetAndDestroy()
  }
  function endEarly() {
    client.end()
    outgoing?.destroy()
  }
  function deliverDown(freight: Freight) {
    if (freight.kind === 'head') begin()
    else if (freight.kind === 'bytes') write(response, freight.bytes, incoming ?? request)
    else if (freight.kind === 'reset') lose()
    else if (freight.kind === 'end') {
      if (freight.early) endEarly()
      else response.end()
    }
  }

  function decide() {
    const { host = '' } = request.headers
    if (talk.served > 1 && scene.book.forgotIdle(host, talk.connectedAt)) return up.lose()
    const verdict = verdictOf(struck.all())
    if (verdict) void pronounce(verdict)
    else
      outgoing = forward(scene, talk, request, {
        onAnswer: relay,
        onUpgrade,
        onLost,
      })
  }

  async function pronounce(verdict: Verdict) {
    const { origin } = request.headers
    const boot = bearsMarks(verdict) ? await scene.boot() : null
    const made = await answerTo(verdict, {
      origin,
      boot,
      now: scene.clock.now(),
    })
    if (!made) return down.take({ kind: 'reset' })
    answer = made
    down.take({ kind: 'head' })
    if (made.body) down.take({ kind: 'bytes', bytes: made.body })
    down.take({ kind: 'end' })
  }

  function onLost() {
    if (!incoming) down.take({ kind: 'reset' })
  }
  function onUpgrade(reply: IncomingMessage, service: Socket, head: Buffer) {
    answer = { ...headOf(reply), upgrade: { service, head } }
    down.take({ kind: 'head' })
  }
  function relay(reply: IncomingMessage) {
    incoming = reply
    const { socket } = reply
    answer = headOf(reply)
    down.take({ kind: 'head' })
    if (isEventStream(reply)) struck.open()
    const closing = struck.isOpen && struck.closing()
    if (closing) closeStream(closing)
    pour(reply, said)
    reply.on('end', () => said.take({ kind: 'end' }))
    reply.on('error', () => said.take(socket.errored ? { kind: 'reset' } : { kind: 'end', early: true }))
  }

  /** The service ends it, behind what it has said already; or cuts it. */
  function closeStream({ code, clean = code !== 1006 }: CloseFault) {
    down.take({ kind: clean ? 'end' : 'reset' })
    state = 'closed'
  }

  /** The head of the answer has arrived. */
  function begin() {
    if (!answer) return
    const { upgrade, ...head } = answer
    if (!upgrade) return writeHead(response, head, scene.keeps() && !talk.isOrphan && !upgradeHead)
    state = 'tunnel'
    response.detachSocket(client)
    struck.open()
    const heads = { up: upgradeHead ?? Buffer.alloc(0), down: upgrade.head }
    openTunnel({ scene, client, service: upgrade.service, answer: head, heads, random, struck })
    finish()
  }

  const unlisten = struck.listen(
    { up, down },
    {
      onReset: lose,
      onClose(fault) {
        if (state === 'going') closeStream(fault)
      },
    },
  )
  function finish() {
    if (state === 'over') return
    const isTunnel = state === 'tunnel'
    state = 'over'
    // A kept connection carries many requests.
    client.off('close', finish)
    for (const stop of [unlisten, up.stop, down.stop]) stop()
    if (isTunnel) return
    answer?.upgrade?.service.destroy()
    talk.open -= 1
    if (incoming?.complete !== true) outgoing?.destroy()
    if (talk.isOrphan) client.end()
  }
  if (upgradeHead) response.once('finish', () => client.end())
  response.on('drain', () => incoming?.resume())
  response.once('close', finish)
  client.once('close', finish)

  up.take({ kind: 'head' })
  request.on('error', () => {})
  // A request for an upgrade has no body, and no end either.
  if (upgradeHead) return up.take({ kind: 'end' })
  pour(request, up)
  request.on('end', () => up.take({ kind: 'end' }))
}

const isEventStream = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') ?? false
