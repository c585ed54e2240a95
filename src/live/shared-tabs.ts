/** `sharedTabs()`: the tabs of a browser share one line. */
import { badOption } from '../core/errors.js'
import type { Connection } from '../core/state.js'
import { browserTabs } from '../tabs/browser-tabs.js'
import type { Place } from './cursor.js'
import type { KeeperNews, KeeperOptions } from './keeper-state.js'
import { membersOf } from './members.js'
import { checkOptions, type Rules } from './rules.js'
import { createTab } from './tab.js'
import { createTabHub, UNKNOWN, type UpstreamHooks } from './tab-hub.js'
import { createTabKeeper } from './tab-keeper.js'
import type { ChannelTabs, TabsPort } from './tabs-port.js'

/** Options of `sharedTabs`. */
export interface SharedTabsOptions {
  /**
   * Whose channel it is, 1 to 200 characters: the id of the person, or a constant where nobody signs in. Tabs of
   * another scope, or of another `url`, never share.
   */
  scope: string
  /** Who leads, and how tabs hear each other. Default: Web Locks and BroadcastChannel. */
  tabs?: TabsPort
}

/** The version of the words: tabs of another one are strangers. */
const NAME = 'holdfast-live-1'
const LONGEST_SCOPE = 200
const RULES: Rules<SharedTabsOptions> = {
  scope: null,
  tabs: ['lead', 'an object with lead() and join()', undefined],
}
/** Each tab has its own bounds; together they are many. */
const UNBOUNDED = { maxMessages: 100_000, maxBytes: 2 ** 30 }

/** Tokens are asked for where the line is dialled, and go to nobody else. */
const withoutAuth = (connection: Connection): Connection =>
  Object.create(connection, { auth: { value: null } }) as Connection

/**
 * One tab holds the line, the others go through it: `createChannel({ …, tabs: sharedTabs({ scope: user.id }) })`. Each
 * keeps its own topics, cursors and messages, so that nothing is lost or doubled when the one that leads is closed,
 * crashes or stalls and another takes its place. Without it, or where a browser has no locks or broadcasts (plain-http
 * pages), every tab has a line of its own.
 * @throws `bad-option`
 */
export function sharedTabs(options: SharedTabsOptions): ChannelTabs {
  checkOptions('sharedTabs', options, RULES)
  const { scope, tabs } = options
  if (typeof scope !== 'string' || scope.length === 0 || scope.length > LONGEST_SCOPE)
    throw badOption('sharedTabs.scope', scope, `a text of 1 to ${LONGEST_SCOPE} characters`)
  return {
    share(settings, ports, over) {
      const { connection, maxFrameLength, maxFrameBytes } = settings
      const { clock, random } = connection
      const port = tabs ?? browserTabs(clock)
      if (!port) return over(settings, ports)
      const makeUpstream = ({ before, after, onSessionLost }: UpstreamHooks) =>
        over(
          { ...settings, ...UNBOUNDED, onSessionLost, durable: undefined },
          {
            ...ports,
            createKeeper: (made) => ports.createKeeper(heardAround(made, before, after)),
          },
        )
      /** Of the log, as leaders have told: what this tab greets others with once it leads itself. */
      let known: Place = { epoch: '', offset: 0 }
      const note = ({ type, ...news }: KeeperNews): void => {
        const text = type === 'message' && 'data' in news ? String(news.data) : ''
        if (!text.startsWith('{"type":"HELLO"')) return
        const { epoch, offset } = membersOf(text) as unknown as Place
        if (epoch !== UNKNOWN.epoch) known = { epoch, offset }
      }
      const tab = createTab({
        ...{ clock, random, port },
        name: JSON.stringify([NAME, scope, settings.url]),
        // An event is written anew: by a few characters longer, at most.
        maxLength: Math.max(maxFrameLength, maxFrameBytes) + LONGEST_SCOPE,
        createHub: (emit) => createTabHub({ clock, maxFrameLength, makeUpstream, emit, known }),
      })
      return over(
        { ...settings, connection: withoutAuth(connection) },
        { ...ports, sends: [], createKeeper: (made) => createTabKeeper(heardAround(made, note), tab, clock) },
      )
    },
  }
}

function heardAround(
  made: KeeperOptions,
  before: (news: KeeperNews) => void,
  after: (news: KeeperNews) => void = () => {},
): KeeperOptions {
  return {
    ...made,
    tell(news) {
      before(news)
      made.tell(news)
      after(news)
    },
  }
}
