import { provide, type Plugin } from 'vue'
import type { Stop } from '../core/state.js'
import type { StatusView } from '../status/view.js'
import { createContext, holdfastKey, type HoldfastContext, type HoldfastOptions } from './context.js'
import { whileMounted } from './follow.js'
import { watchDialogs, watchLeaving, watchPage } from './page.js'

/**
 * The plugin. In a browser it starts the connections, the queue and the status when it is installed, because
 * applications fetch in setup and in route guards; unmounting the application stops them, in reverse. On a
 * server it starts nothing. Several applications of a page, such as islands, install the same plugin: it starts with the
 * first of them and stops with the last, and of all their bars one speaks.
 */
export function createHoldfast(options: HoldfastOptions): Plugin {
  let context: HoldfastContext | undefined
  let stop: Stop
  let applications = 0
  return {
    install(app) {
      app.provide(holdfastKey, (context ??= createContext(options)))
      if (typeof document === 'undefined') return
      if (!applications++) stop = start(context)
      app.onUnmount(() => --applications || stop())
    },
  }
}

/** The same for a part of an application: starts when the calling component is mounted, stops with it. */
export function provideHoldfast(options: HoldfastOptions): HoldfastContext {
  const context = createContext(options)
  provide(holdfastKey, context)
  whileMounted(() => start(context))
  return context
}

function start({ connections, queue, status }: HoldfastContext): Stop {
  const stops: Stop[] = [status.start(), watchPage(status.send), watchDialogsWhileNeeded()]
  for (const connection of Object.values(connections)) {
    connection.start()
    // It needs no `this`: a connection is made of closures.
    stops.push(connection.stop)
  }
  if (queue) stops.push(queue.start(), watchLeaving(queue))
  return () => stops.reverse().forEach((stop) => stop())

  /** While all is well nothing can open over a dialog, and nobody watches. */
  function watchDialogsWhileNeeded(): Stop {
    let stop: Stop | undefined
    const follow = (view: StatusView) => {
      if (view.phase !== 'online') stop ??= watchDialogs(status.send)
      else stop = stop?.() as undefined
    }
    const unsubscribe = status.subscribe(follow)
    follow(status.view)
    return () => {
      unsubscribe()
      stop?.()
    }
  }
}
