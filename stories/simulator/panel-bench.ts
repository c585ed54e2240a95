/** The panel on a bench: a playback with a small application on it, and no Storybook between the two. */
import { http, HttpResponse } from 'msw'
import { createNetwork, seededRandom, type Network } from '../../mocks/index.js'
import { createLiveApi } from '../../mocks/live-api.js'
import { createPlayback, type Playback, type Setting } from '../../mocks/playback/playback.js'
import type { Script } from '../../mocks/playback/script.js'
import type { Ask, Told } from '../../mocks/storybook/messages.js'
import { hear, type Heard } from '../../mocks/storybook/panel/heard.js'
import { createRecorder, type Recorder } from '../../mocks/storybook/recorder.js'
import { BASE } from '../live/bakery.js'
import { createCounter } from '../live/counter.js'

/** A bench with its handles. */
export interface Bench {
  readonly playback: Playback
  /** What the panel knows. */
  readonly heard: Heard
  ask(ask: Ask): void
  onChange(listener: () => void): void
  dispose(): void
}

/** How often the application asks for its list, and how often somebody orders (ms). */
const EVERY_MS = { list: 1500, order: 4100 }

function createApi(network: () => Network) {
  const live = createLiveApi({ network, base: BASE })
  return [
    ...live.handlers,
    http.get(`${BASE}/orders`, async () => {
      await network().delay(120)
      return HttpResponse.json([])
    }),
    http.post(`${BASE}/orders`, async () => {
      await network().delay(250)
      return HttpResponse.json({}, { status: 201 })
    }),
  ]
}

/** A connection, its status, a socket, and requests: what an application has. */
function startApplication(network: Network, recorder: Recorder): void {
  const { connection, channel, parts } = createCounter({
    network,
    clock: network.clock,
    random: seededRandom(1),
    transports: ['websocket'],
  })
  const { status } = parts
  status.start()
  connection.start()
  channel.open()
  recorder.watch({ connection, status })
  const again = (everyMs: number, run: () => void): void => {
    network.clock.setTimeout(() => {
      run()
      again(everyMs, run)
    }, everyMs)
  }
  const ask = (method: string) => void network.fetch(`${BASE}/orders`, { method }).catch(() => {})
  ask('GET')
  again(EVERY_MS.list, () => ask('GET'))
  again(EVERY_MS.order, () => ask('POST'))
}

/** Sets one up; it stands still at this time. */
export function createBench(script: Script, atMs: number): Bench {
  const listeners = new Set<() => void>()
  let live: Playback | null = null
  const recorder = createRecorder('bench', () => live?.note())
  const build = ({ clock, seed }: Setting): Network => {
    recorder.begin(clock)
    const network: Network = createNetwork({
      ...{ clock, seed, hosts: ['bakery.example'] },
      handlers: createApi(() => network),
    })
    return network
  }
  const playback = createPlayback({
    ...{ build, script, atMs, plays: false },
    mount: async (network) => startApplication(network, recorder),
  })
  live = playback
  let heard = hear(null, recorder.all(playback, true))!
  const listen = (told: Told): void => {
    heard = hear(heard, told)!
    for (const listener of listeners) listener()
  }
  playback.subscribe(() => listen(recorder.more(playback)))

  return {
    playback,
    get heard() {
      return heard
    },
    ask(ask) {
      if (ask.type === 'do') playback.do(ask.command)
      else if (ask.type === 'seek') playback.seek(ask.toMs)
      else if (ask.type !== 'hello' && ask.type !== 'bye') playback[ask.type]()
    },
    onChange: (listener) => void listeners.add(listener),
    dispose() {
      recorder.dispose()
      playback.dispose()
    },
  }
}
