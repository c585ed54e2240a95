/** Where a story is put on the page: first by Storybook, then, for each new world, by what Storybook did it with. */
import type { StageContext } from './stage.js'

/** The place of one story. */
export interface Canvas {
  /** Resolves when the application of the present world is on the page. */
  mount(): Promise<unknown>
  /** Storybook renders the story, for the first time or because the toolbar says something else. */
  rendering(context: StageContext): void
}

/** One on which nothing is yet. Without a `renderToCanvas` whatever is there is there at once. */
export function createCanvas({ renderToCanvas }: StageContext): Canvas {
  let worlds = 0
  let render = renderToCanvas
  let host: StageContext | null = null
  let onMounted = (): void => {}
  const mounted = render ? new Promise<void>((resolve) => (onMounted = resolve)) : Promise.resolve()

  return {
    mount: () => (worlds++ === 0 ? mounted : (render?.() ?? Promise.resolve())),
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
    },
  }
}
