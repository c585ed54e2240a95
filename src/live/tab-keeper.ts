/** A keeper that dials nothing: its line leads through the tab that leads, which alone has a line to the server. */
import type { Clock } from '../core/clock.js'
import { broken } from './ends.js'
import type { Keeper, KeeperOptions, KeeperState } from './keeper-state.js'
import type { Line } from './line.js'
import type { Tab, TabNews } from './tab.js'

/** Keeps the line of one tab. */
export function createTabKeeper({ tell }: Pick<KeeperOptions, 'tell'>, tab: Tab, clock: Clock): Keeper {
  let state: KeeperState = { name: 'closed' }
  /** How the one line of all is, as its leader has told. */
  let remote: KeeperState = state
  let open: { readonly line: Line; readonly number: number } | null = null
  let generation = 0

  function setState(next: KeeperState): void {
    state = next
    tell({ type: 'state', state })
  }

  /** As the leader is; without a line of its own on the way to that, at best. */
  function showRemote(): void {
    const { name } = remote
    const isOnTheWay = name === 'closed' || name === 'greeting' || (name === 'open' && !open)
    const transport = 'transport' in remote ? remote.transport : 'websocket'
    setState(isOnTheWay ? { name: 'dialling', since: clock.now(), attempt: 1, transport } : remote)
  }

  function opened(number: number): void {
    if (open) ended({ say: 'end', verdict: 'again' })
    generation += 1
    const line: Line = {
      // Whatever the leader's is: topics and messages are said on it one by one.
      transport: 'websocket',
      bufferedAmount: 0,
      send(data) {
        if (open?.line !== line) return false
        tab.say(number, String(data))
        return true
      },
      drop() {
        if (open?.line === line) open = null
      },
    }
    open = { line, number }
    const transport = 'transport' in remote ? remote.transport : 'websocket'
    setState({ name: 'greeting', since: clock.now(), attempt: 1, transport })
    tell({ type: 'opened', line, generation, isProbation: false })
  }

  function ended({ verdict }: TabNews & { readonly say: 'end' }): void {
    // A lost session concerns a tab without a line, too.
    if (!open && verdict === 'again') return
    open = null
    tell({ type: 'ended', end: { ...broken('the line of all tabs has ended'), verdict }, generation })
    showRemote()
  }

  function hear(news: TabNews): void {
    switch (news.say) {
      case 'state':
        remote = news.state
        if (state.name !== 'greeting') showRemote()
        return
      case 'open':
        return opened(news.line)
      case 'end':
        return ended(news)
      case 'told':
        if (news.line !== open?.number) return
        return tell({ type: 'message', data: news.text, generation })
      case 'event':
        if (open) tell({ type: 'message', data: news.text, generation })
    }
  }

  return {
    get state() {
      return state
    },
    start() {
      if (state.name === 'fatal') return tab.retry()
      if (state.name !== 'closed') return
      remote = { name: 'closed' }
      showRemote()
      tab.start(hear)
    },
    stop() {
      open = null
      tab.stop()
      setState({ name: 'closed' })
    },
    proven() {
      if (state.name === 'greeting') showRemote()
    },
    // Hints, heartbeats and needs are the leader's: what tabs follow and send, it follows and sends.
    noticed() {},
    prove() {},
    need: () => () => {},
    reopen() {
      open = null
      showRemote()
      tab.join()
    },
    retryNow: () => tab.retry(),
    send: (data) => open?.line.send(data) ?? false,
  }
}
