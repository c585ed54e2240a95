/** A request, a stream and a socket on one network, and what each of them sees of a fault, with its times. */
import { ws } from 'msw'
import type { Fault, Transport } from '../../../mocks/faults.js'
import { BASE, createDesk, HOST } from '../desk.js'
import { ticker } from '../listener.js'

/** Whether the fault is there before anybody asks, or strikes who is connected. */
export type When = 'before' | 'open'

/** What is played. */
export interface Play {
  readonly transport: Transport
  readonly when: When
  readonly faults: readonly Fault[]
  /** Default: 1. */
  readonly seed?: number
}

/** What came of it. */
export interface Played {
  /** What the caller saw and, behind a bar, what the log says of it. */
  readonly trace: string
  readonly hash: string
  /** Timers that were left over. */
  readonly pending: number
}

/** A fault that strikes who is connected does so now. */
const STRIKES_MS = 150
/** How long it is in force. */
const LASTS_MS = 1000
/** Whoever comes now finds all well. */
const AFTERWARDS_MS = 1500
/** Who is still connected closes. */
const CLOSES_MS = 3000
/** Longer than anything here takes. */
const UNTIL_MS = 8000
const EVERY_MS = 300

type Desk = ReturnType<typeof createDesk>
type Note = (what: string) => void

/** Plays it on a network of its own. */
export async function playFaults({ transport, when, faults, seed = 1 }: Play): Promise<Played> {
  const desk = createDesk({ seed })
  const { api, clock, network, sinceStart } = desk
  const words: string[] = []
  const note = (what: string) => void words.push(`${what}@${sinceStart()}`)
  network.use(ticker(desk, EVERY_MS, 4), echo())
  const apply = () => faults.map(network.apply)

  let stops = when === 'before' ? apply() : []
  CLIENTS[transport](desk, note)
  if (when === 'open') {
    await clock.advance(STRIKES_MS)
    stops = apply()
  }
  await clock.advance(LASTS_MS)
  for (const stop of stops) stop()
  await clock.advance(UNTIL_MS)
  if (transport === 'http') words.push(`done ${api.ledger.length}`)
  const told = words.join(' ')
  const log = network.log.map(({ end, fault }) => (fault === null ? end : `${end} (${fault})`))
  const hash = network.logHash()
  network.dispose()
  return { trace: `${told} | ${log.join(', ')}`, hash, pending: clock.pending() }
}

const CLIENTS: { readonly [T in Transport]: (desk: Desk, note: Note) => void } = {
  /** Writes on a new connection, on a kept one, and afterwards. */
  http({ clock, network }, note) {
    const ask = async (n: number): Promise<void> => {
      const body = JSON.stringify({ item: 'rope', qty: n })
      const init = { method: 'POST', body, headers: { Authorization: 'Bearer old' } }
      try {
        const answer = await network.fetch(`${BASE}/orders`, init)
        const date = answer.headers.get('Date')
        const skew = date !== null && Math.abs(Date.parse(date) - clock.now()) > 10_000 ? ' skewed' : ''
        await answer.text()
        note(`${n}:${answer.status}${answer.headers.has('Holdfast') ? '' : ' foreign'}${skew}`)
      } catch (error) {
        note(`${n}:${String(error).replace('TypeError: ', '')}`)
      }
    }
    for (const [at, ms] of [0, EVERY_MS, AFTERWARDS_MS].entries())
      clock.setTimeout(() => void ask(at + 1), ms)
  },
  /** Listens, and afterwards once more. */
  sse({ clock, network }, note) {
    const listen = async (name: string): Promise<void> => {
      const headers = { Accept: 'text/event-stream', Authorization: 'Bearer old' }
      try {
        const answer = await network.fetch(`${BASE}/sse`, { headers })
        note(`${name}${answer.status === 200 ? 'open' : answer.status}`)
        const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          if (answer.status === 200)
            note(name + next.value.replaceAll(/data: |\n\n$/g, '').replaceAll('\n\n', '+'))
        }
        note(`${name}end`)
      } catch (error) {
        note(`${name}${String(error).replace('TypeError: ', '')}`)
      }
    }
    for (const [name, ms] of [
      ['', 0],
      ["'", AFTERWARDS_MS],
    ] as const)
      clock.setTimeout(() => void listen(name), ms)
  },
  /** Shows its token, then says three words, which are said back; and afterwards once more. */
  ws({ clock, network }, note) {
    const talk = (name: string): void => {
      const socket = new network.WebSocket(`wss://${HOST}/ws`)
      const say = (word: number): void => {
        if (socket.readyState === 1) socket.send(`w${word}`)
        if (word < 3) clock.setTimeout(() => say(word + 1), EVERY_MS)
      }
      socket.onopen = () => {
        note(`${name}open`)
        socket.send('{"type":"AUTH","token":"old"}')
        say(1)
      }
      socket.onmessage = ({ data }) => note(name + String(data))
      socket.onerror = () => note(`${name}error`)
      clock.setTimeout(() => socket.close(), CLOSES_MS - (name === '' ? 0 : AFTERWARDS_MS))
      socket.onclose = ({ code, wasClean }) => note(`${name}close ${code}${wasClean ? '' : ' unclean'}`)
    }
    for (const [name, ms] of [
      ['', 0],
      ["'", AFTERWARDS_MS],
    ] as const)
      clock.setTimeout(() => talk(name), ms)
  },
}

function echo() {
  return ws.link(`wss://${HOST}/ws`).addEventListener('connection', ({ client }) => {
    client.addEventListener('message', ({ data }) => {
      if (String(data).startsWith('w')) client.send(data)
    })
  })
}
