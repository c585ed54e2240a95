/** One story that is shown: its playback, in step with the toolbar, the panel and the URL. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Network } from '../network.js'
import { createPlayback, type Playback, type Setting } from '../playback/playback.js'
import type { Repertoire } from '../playback/repertoire.js'
import type { Script, TimedCommand } from '../playback/script.js'
import { createCanvas } from './canvas.js'
import { linkOfPage, type Link } from './link.js'
import { repertoireOf } from './own-scenarios.js'
import { createRecorder, type Watched } from './recorder.js'
import type { StageContext } from './stage.js'
import { tellPanel, type Channel } from './teller.js'
import { syncToolbar } from './toolbar-sync.js'
import { choiceOf, seedOf, speedOf } from './toolbar.js'

/** What the network of a story is made with. */
export interface SceneSetting extends Setting {
  /** The story. */
  readonly context: StageContext
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

/** What a link says and the repertoire knows. */
const known = (commands: readonly TimedCommand[], repertoire: Repertoire): readonly TimedCommand[] =>
  commands.filter((command) => {
    if (command.do === 'calm') return true
    const names = command.do === 'run' ? repertoire.scenarios : repertoire.buttons
    return Object.hasOwn(names, command.what)
  })

/** What is played at first: what the URL says, else what the toolbar does. */
function scriptOf(globals: StageContext['globals'], link: Link | null, repertoire: Repertoire): Script {
  const seed = seedOf(globals)
  if (link?.commands.length) return { seed, commands: known(link.commands, repertoire) }
  const what = choiceOf(globals, repertoire.scenarios)
  const isScenario = Object.hasOwn(repertoire.scenarios, what)
  return { seed, commands: isScenario ? [{ atMs: 0, do: 'run', what }] : [] }
}

/** Begins with what the URL and the toolbar say. */
export function createScene(context: StageContext, ports: ScenePorts): Scene {
  const { create, install, real, channel, tellToolbar } = ports
  const { id: story, globals } = context
  const repertoire = repertoireOf(context.globalTypes)
  const link = linkOfPage(story)
  const canvas = createCanvas(context)
  let uninstall: Stop = () => {}
  let made: Playback | null = null
  const recorder = createRecorder(story, () => made?.note())

  const playback = createPlayback({
    real,
    speed: speedOf(globals),
    repertoire,
    script: scriptOf(globals, link, repertoire),
    atMs: link?.atMs ?? 0,
    plays: (link?.atMs ?? null) === null,
    build(setting) {
      recorder.begin(setting.clock)
      const network = create({ ...setting, context })
      uninstall()
      uninstall = install(network, context)
      return network
    },
    mount: canvas.mount,
  })
  made = playback
  const toolbar = syncToolbar(globals, { playback, real, tell: tellToolbar })
  const hush = tellPanel({ story, playback, recorder, channel, real })

  return {
    get network() {
      return playback.network
    },
    watch: recorder.watch,
    rendering(again) {
      canvas.rendering(again)
      toolbar.hear({ ...again.globals })
    },
    dispose() {
      hush()
      toolbar.dispose()
      uninstall()
      recorder.dispose()
      playback.dispose()
    },
  }
}
