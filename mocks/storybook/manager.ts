/**
 * The manager's side of the addon `holdfast/simulator/storybook`: the panel Network. Storybook finds it by the addon's
 * name, and gives it its own React.
 */
import { createElement as h, useEffect, useRef, useState, type ReactElement } from 'react'
import {
  addons,
  types,
  useChannel,
  useGlobals,
  useStorybookApi,
  useStorybookState,
} from 'storybook/manager-api'
import { useTheme } from 'storybook/theming'
import { systemClock } from '../../src/core/clock.js'
import { copyText } from './clipboard.js'
import { decodeLink, EMPTY_LINK, encodeLink, LINK_PARAMETER, type Link } from './link.js'
import { ADDON_ID, ASKED, PANEL_ID, TOLD, type Ask, type Asked, type Told } from './messages.js'
import { hear, type Heard } from './panel/heard.js'
import { Panel, type Sight } from './panel/panel.js'

/** The URL is written when nothing has changed for so long (ms): not at each step of a drag. */
const URL_MS = 250
const NOTICE_MS = 3000

type Api = ReturnType<typeof useStorybookApi>

/** What is heard of the story that is shown. */
function useHeard(story: string): readonly [Heard | null, (ask: Ask) => void] {
  const [heard, setHeard] = useState<Heard | null>(null)
  const last = useRef<Heard | null>(null)
  const emit = useChannel(
    {
      [TOLD]: (told: Told) => {
        if (told.story !== story) return
        const next = hear(last.current, told)
        if (next) setHeard((last.current = next))
        if (!next || !told.isHeard) emit(ASKED, { story, ask: { type: 'hello' } } satisfies Asked)
      },
    },
    [story],
  )
  const ask = (what: Ask): void => emit(ASKED, { story, ask: what } satisfies Asked)
  useEffect(() => {
    ask({ type: 'hello' })
    return () => ask({ type: 'bye' })
  }, [story])
  return [heard?.story === story ? heard : null, ask]
}

const linkOf = ({ script, state, nowMs }: Heard, { filter, line }: Sight): Link => ({
  ...{ commands: script.commands, filter, line },
  atMs: state.name === 'paused' ? nowMs : null,
})

/** Another link, or none (null): Storybook takes a parameter without a value out of the URL. */
function writeUrl(api: Api, link: string | null, panel: string | null): void {
  const params = { [LINK_PARAMETER]: link ?? undefined, addonPanel: panel ?? undefined }
  api.applyQueryParams(params as Record<string, string>, { replace: true })
}

/** Whether the URL has a link, and it is for another story. */
function hasOthersLink(story: string): boolean {
  const link = new URL(window.location.href).searchParams.get(LINK_PARAMETER)
  return link !== null && decodeLink(story, link) === null
}

/**
 * The whole state stands in the URL, so that it can be sent to somebody; the panel, too, which Storybook drops from it
 * whenever it writes it. A link is taken out when another story is chosen, and when the panel is closed.
 */
function useLink(api: Api, story: string, heard: Heard | null, sight: Sight, globals: unknown): void {
  const text = heard ? encodeLink(heard.story, linkOf(heard, sight)) : undefined
  useEffect(() => {
    // Until the story is heard of, the link that it was opened with has to stay.
    if (text === undefined) return hasOthersLink(story) ? writeUrl(api, null, PANEL_ID) : undefined
    return systemClock.setTimeout(() => {
      const { searchParams } = new URL(window.location.href)
      if (searchParams.get(LINK_PARAMETER) === text && searchParams.has('addonPanel')) return
      writeUrl(api, text, PANEL_ID)
    }, URL_MS)
  }, [text, story, globals])
  useEffect(() => () => writeUrl(api, null, null), [])
}

function useSight(api: Api, story: string): readonly [Sight, (sight: Sight) => void] {
  const [sights, setSights] = useState<Readonly<Record<string, Sight>>>(() => {
    const said = api.getQueryParam(LINK_PARAMETER)
    return { [story]: (said && decodeLink(story, said)) || EMPTY_LINK }
  })
  const sight = sights[story] ?? EMPTY_LINK
  return [sight, ({ filter, line }) => setSights({ ...sights, [story]: { filter, line } })]
}

function Network({ api }: { readonly api: Api }): ReactElement {
  const { storyId } = useStorybookState()
  const theme = useTheme()
  const [globals, updateGlobals] = useGlobals()
  const [heard, ask] = useHeard(storyId)
  const [sight, onSight] = useSight(api, storyId)
  useLink(api, storyId, heard, sight, globals)

  const copy = (text: string, what: string): void => {
    const say = (headline: string): void =>
      api.addNotification({ id: `${ADDON_ID}/copied`, content: { headline }, duration: NOTICE_MS })
    copyText(text).then(
      () => say(`${what} copied`),
      () => say(`${what} not copied: the browser does not allow it`),
    )
  }
  const onCopyLink = (): void => {
    if (!heard) return
    const link = new URL(window.location.href)
    const text = encodeLink(storyId, { ...linkOf(heard, sight), atMs: heard.nowMs })
    link.searchParams.set(LINK_PARAMETER, text!)
    link.searchParams.set('addonPanel', PANEL_ID)
    copy(link.href, 'Link')
  }
  return h(Panel, {
    ...{ heard, theme, sight, onSight, ask, onCopyLink },
    onSpeed: (networkSpeed) => updateGlobals({ networkSpeed }),
    onCopy: (text) => copy(text, 'Log'),
  })
}

/** Storybook renders the panels behind the one that is shown, too: they ask for nothing. */
function WhenShown(): ReactElement | null {
  const api = useStorybookApi()
  useStorybookState()
  return api.getSelectedPanel() === PANEL_ID ? h(Network, { api }) : null
}

addons.register(ADDON_ID, () => {
  addons.add(PANEL_ID, {
    type: types.PANEL,
    title: 'Network',
    match: ({ viewMode }) => viewMode === 'story',
    render: ({ active }) => (active ? h(WhenShown) : null),
  })
})
