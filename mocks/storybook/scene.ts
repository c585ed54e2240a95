/** One story that is shown: its playback, in step with the toolbar, the panel and the URL. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Network } from '../network.js'
import { createPlayback, type Playback, type Setting } from '../playback/playback.js'
import { standardRepertoire, type Script, type ScriptDeed } from '../playback/script.js'
import { scenarioAt } from '../playback/spans.js'
import { linkOfPage, type Link } from './link.js'
import { ASKED, TOLD, type Ask, type Asked, type Told } from './messages.js'
import { createRecorder, type Watched } from './recorder.js'
import type { StageContext } from './stage.js'
import { choiceOf, scenarioOf, seedOf, speedOf, type NetworkChoice } from './toolbar.js'

/** What the network of a story is made with. */
export interface SceneSetting extends Setting {
  /** The story. */
  readonly context: StageContext
}

/** Storybook's channel, as far as it is needed. */
export interface Channel {
  on(event: string, listener: (payload: Asked) => void): void
  off(event: string, listener: (payload: Asked) => void): void
  emit(event: string, payload: unknown): void
}

/** What a scene needs. */
export interface ScenePorts {
  readonly create: (setting: SceneSetting) => Network
  readonly install: (network: Network, context: StageContext) => Stop
  readonly real: Clock
  readonly channel: Channel
  readonly tellToolbar: (globals: Readonly<Record<string, unknown>>) => void
}

/** A story that is shown. */
export interface Scene {
  readonly network: Network
  watch(watched: Watched): void
  /** Storybook renders the story, for the first time or because the toolbar says something else. */
  rendering(context: StageContext): void
  dispose(): void
}

/** "Again" is seen in the toolbar before the scenario's name is: at once, the menu would miss it (ms). */
const AGAIN_MS = 500
/** How often the panel is told what has changed, at most (ms). */
const TELL_MS = 50

/** What a link says and the repertoire knows. */
const known = (deeds: readonly ScriptDeed[]): readonly ScriptDeed[] =>
  deeds.filter((deed) => {
    if (deed.do === 'calm') return true
    const names = deed.do === 'run' ? standardRepertoire.scenarios : standardRepertoire.buttons
    return Object.hasOwn(names, deed.what)
  })

/** What is played at first: what the URL says, else what the toolbar does. */
function scriptOf(globals: StageContext['globals'], link: Link | null): Script {
  const seed = seedOf(globals)
  if (link?.deeds.length) return { seed, deeds: known(link.deeds) }
  const choice = choiceOf(globals)
  return { seed, deeds: scenarioOf(globals) ? [{ atMs: 0, do: 'run', what: choice }] : [] }
}

/** Begins with what the URL and the toolbar say. */
export function createScene(first: StageContext, ports: ScenePorts): Scene {
  const { create, install, real, channel, tellToolbar } = ports
  const { id } = first
  const link = linkOfPage(id)
  let said = first.globals
  /** What the toolbar was told to say and has not said yet. */
  let told: readonly NetworkChoice[] = []
  /** "Again" is still to be seen. */
  let again: Stop | null = null
  let render = first.renderToCanvas
  let lives = 0
  let host: StageContext | null = null
  let isHeard = false
  let telling: Stop | null = null
  let uninstall: Stop = () => {}
  let onMounted = (): void => {}
  const mounted = render ? new Promise<void>((resolve) => (onMounted = resolve)) : Promise.resolve()
  let playback: Playback | null = null
  const recorder = createRecorder(id, () => playback?.note())

  const playing: Playback = createPlayback({
    real,
    speed: speedOf(said),
    script: scriptOf(said, link),
    atMs: link?.atMs ?? 0,
    plays: (link?.atMs ?? null) === null,
    build(setting) {
      recorder.begin(setting.clock)
      const network = create({ ...setting, context: first })
      uninstall()
      uninstall = install(network, first)
      return network
    },
    mount: () => (lives++ === 0 ? mounted : (render?.() ?? Promise.resolve())),
  })
  playback = playing

  const tell = (told: Told): void => channel.emit(TOLD, told)
  const tellNow = (): void => {
    telling?.()
    telling = null
    tell(recorder.more(playing))
  }
  /** While time passes now and then; when it stands still at once. */
  const tellSoon = (): void => {
    if (!isHeard) return
    const passes = playing.state.name === 'playing' || playing.state.name === 'seeking'
    if (passes) telling ??= real.setTimeout(tellNow, TELL_MS)
    else tellNow()
  }
  /** The toolbar says what is played; when it has ended, that all is well, so that it can be chosen once more. */
  const followPlayback = (): void => {
    if (again || playing.state.name === 'seeking') return
    const { script, repertoire, nowMs } = playing
    const network = choiceOf({ network: scenarioAt(script, repertoire, nowMs + 1) })
    if (network === (told.at(-1) ?? choiceOf(said))) return
    told = [...told, network]
    tellToolbar({ network })
  }
  const choose = (choice: NetworkChoice): void => {
    again?.()
    again = null
    const runs = playing.script.deeds.filter((deed) => deed.do === 'run')
    const what = choice === 'again' ? (runs.at(-1)?.what ?? 'all-well') : choice
    if (choice === 'again') {
      again = real.setTimeout(() => {
        again = null
        followPlayback()
      }, AGAIN_MS)
    }
    playing.do(what === 'all-well' ? { do: 'calm' } : { do: 'run', what })
  }
  const followToolbar = (globals: StageContext['globals']): void => {
    const before = said
    said = globals
    const choice = choiceOf(globals)
    // Storybook renders a while after it was told, and what it was told in between is left out.
    const at = told.indexOf(choice)
    if (at >= 0) told = told.slice(at + 1)
    else if (choice !== choiceOf(before)) {
      told = []
      choose(choice)
    }
    if (seedOf(globals) !== seedOf(before)) playing.setSeed(seedOf(globals))
    if (speedOf(globals) !== speedOf(before)) playing.setSpeed(speedOf(globals))
  }
  const answer = (ask: Ask): void => {
    if (ask.type === 'do') playing.do(ask.doing)
    else if (ask.type === 'seek') playing.seek(ask.toMs)
    else if (ask.type === 'bye') isHeard = false
    else if (ask.type === 'hello') {
      isHeard = true
      tell(recorder.all(playing, isHeard))
    } else playing[ask.type]()
  }
  const hear = ({ story, ask }: Asked): void => {
    if (story === id) answer(ask)
  }
  channel.on(ASKED, hear)
  const stops = [playing.subscribe(followPlayback), playing.subscribe(tellSoon)]
  tell(recorder.all(playing, isHeard))

  return {
    get network() {
      return playing.network
    },
    watch: recorder.watch,
    rendering(context) {
      const renders = context.renderToCanvas
      // The first one puts each new world on the page: with what the toolbar says by then.
      if (host) Object.assign(host.globals, context.globals)
      else if (renders) {
        host = context
        render = renders
        context.renderToCanvas = async () => {
          await renders()
          onMounted()
        }
      }
      followToolbar({ ...context.globals })
    },
    dispose() {
      channel.off(ASKED, hear)
      for (const stop of [...stops, again, telling]) stop?.()
      uninstall()
      recorder.dispose()
      playing.dispose()
    },
  }
}
