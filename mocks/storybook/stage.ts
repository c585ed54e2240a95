/** The networks of stories: each story has its own, played, paused and taken back by the toolbar and the panel. */
import { UPDATE_GLOBALS } from 'storybook/internal/core-events'
import { addons } from 'storybook/preview-api'
import { systemClock, type Clock } from '../../src/core/clock.js'
import { checkKeys } from '../../src/core/errors.js'
import type { Stop } from '../../src/core/state.js'
import type { Network } from '../network.js'
import { createScene, type Scene, type SceneSetting } from './scene.js'
import type { Watched } from './recorder.js'

/** The least of a story's context that is needed. */
export interface StageContext {
  readonly id: string
  readonly globals: Readonly<Record<string, unknown>>
  /** The toolbar's menus, with the scenarios of the project's own. */
  readonly globalTypes?: Readonly<Record<string, unknown>>
  readonly parameters?: Readonly<Record<string, unknown>>
  /** `docs`: a page of documentation, on which there may be other stories. */
  readonly viewMode?: string
  /** What puts the story on the page: called again for each new world. */
  renderToCanvas?: () => Promise<unknown>
}

/** Options of `createNetworkStage`. */
export interface StageOptions {
  /** Puts each network of a story where the application finds it; the stop takes it away. Default: nowhere. */
  readonly install?: (network: Network, context: StageContext) => Stop
  /** The real time, by which stories play. Default: the system's. */
  readonly real?: Clock
}

/** The networks of one stories file: each story has its own, for as long as it is shown. */
export interface NetworkStage {
  /**
   * The network of the story's present world, from its `beforeEach` until it goes: in its decorators, its `render` and
   * its `play`. Else it throws.
   */
  networkOf(context: StageContext): Network
  /** Shows in the panel what becomes of the application's connection and status. Call it where they are made. */
  watch(context: StageContext, watched: Watched): void
  /**
   * For the meta of the stories file: `beforeEach: stage.beforeEach`. Plays what the toolbar, the panel and the URL
   * say, and takes the network down with the story, so that no request reaches the next one.
   */
  beforeEach(context: StageContext): () => void
}

/**
 * Makes a stage.
 *
 * @param create makes a story's network with the clock and the seed that are given: `createNetwork({ clock, seed })`.
 *   It is called again whenever time goes back: what belongs to one life of the service (its data) is made in it, too.
 */
export function createNetworkStage(
  create: (setting: SceneSetting) => Network,
  options: StageOptions = {},
): NetworkStage {
  checkKeys('createNetworkStage', options, ['install', 'real'])
  const { install = () => () => {}, real = systemClock } = options
  const shown = new Map<string, Scene>()

  const sceneOf = ({ id }: StageContext): Scene => {
    const scene = shown.get(id)
    if (scene) return scene
    throw new Error(
      `The story ${id} has no network now: it has gone, or "beforeEach: stage.beforeEach" is missing in its meta`,
    )
  }
  const begin = (context: StageContext): Scene => {
    const channel = addons.getChannel()
    const scene = createScene(context, {
      ...{ create, install, real, channel },
      tellToolbar: (globals) => channel.emit(UPDATE_GLOBALS, { globals }),
    })
    shown.set(context.id, scene)
    return scene
  }

  return {
    networkOf: (context) => sceneOf(context).network,
    watch: (context, watched) => sceneOf(context).watch(watched),
    beforeEach(context) {
      const scene = shown.get(context.id) ?? begin(context)
      scene.rendering(context)
      return () => {
        scene.dispose()
        if (shown.get(context.id) === scene) shown.delete(context.id)
      }
    },
  }
}
