/**
 * What the kit's bar and dialog are made of, for ones of your own: the same words, the same calm, the same voice, and
 * no looks. How to bind them to a library of components: stories/recipes.
 */
import {
  computed,
  toValue,
  type ComputedRef,
  type MaybeRefOrGetter,
  type ShallowRef,
  type WritableComputedRef,
} from 'vue'
import type { StatusAction, StatusView } from '../status/view.js'
import { useLocale } from './locale-context.js'
import { enSurfaces } from './locales/en-surfaces.js'
import type { BaseLocale, Words } from './locales/locale.js'
import { say } from './locales/text.js'
import { useDialogText, type DialogText } from './use-dialog-text.js'
import { useEngaged } from './use-engaged.js'
import { useTold, type Told } from './use-told.js'

/** Options of `useRetryDialog`, and of `useStatusBar`. */
export interface HeadlessOptions {
  /** The language. Default: what was provided under `localeKey`, else English. */
  locale?: MaybeRefOrGetter<Words<'bar' | 'modal'> | undefined>
}

/** Options of `useStatusBar`. */
export interface StatusBarOptions extends HeadlessOptions {
  /**
   * What a button does. `retry`, `go-online`, `dismiss` and `reload` work by themselves; of the others there is a
   * button only where it is named here.
   */
  handlers?: Readonly<Partial<Record<StatusAction, () => void>>>
}

/** A button that a bar offers. */
export interface StatusButton {
  readonly action: StatusAction
  /** Its name; of `retry` "Trying…" while it is busy. */
  readonly label: string
  /** An attempt runs: mark it `aria-disabled`, never `disabled`, which would lose the focus. */
  readonly busy: boolean
  run(): void
}

/** What `useStatusBar` returns. */
export interface UseStatusBarReturn extends Pick<
  Told,
  'shown' | 'title' | 'detail' | 'counts' | 'seconds' | 'busy' | 'turns'
> {
  /** What is told, or was last told while the bar goes away: tone, icon, phase, progress, service. */
  readonly view: Readonly<ShallowRef<StatusView>>
  /** The language; the name of the bar is `words.bar.label`. */
  readonly words: ComputedRef<Words<'bar' | 'modal'>>
  /** What can be done about it, two at most, the likeliest first. */
  readonly buttons: ComputedRef<readonly StatusButton[]>
  /** Bind them to the bar with `v-on`: what pointer or focus is on does not go away by itself. */
  readonly engaged: ReturnType<typeof useEngaged>
}

/** Everything that a bar of your own needs. Mark its element with `data-hf`: what is typed there is no work. */
export function useStatusBar(options: StatusBarOptions = {}): UseStatusBarReturn {
  const words = useLocale(() => toValue(options.locale), enSurfaces)
  const told = useTold(words, ({ surface }) => surface !== 'none')
  const { told: view, shown, title, detail, counts, seconds, busy, turns } = told
  const engaged = useEngaged(shown, (on) => told.send({ type: 'ENGAGED', engaged: on }))
  const handlers: StatusBarOptions['handlers'] = {
    retry: told.retryNow,
    'go-online': told.goOnline,
    dismiss: told.dismiss,
    reload: () => location.reload(),
    ...options.handlers,
  }
  const retryLabel = useRetryLabel(words, told)
  const buttons = computed(() =>
    view.value.actions
      .flatMap((action): StatusButton[] => {
        const run = handlers[action]
        if (!run) return []
        return action === 'retry'
          ? [{ action, label: retryLabel.value, busy: busy.value, run }]
          : [{ action, label: words.value.actions[action], busy: false, run }]
      })
      .slice(0, 2),
  )
  return { shown, view, words, title, detail, counts, seconds, busy, turns, buttons, engaged }
}

/** What `useRetryDialog` returns. */
export interface UseRetryDialogReturn
  extends DialogText, Pick<Told, 'seconds' | 'busy' | 'turns' | 'retryNow'> {
  /** For `v-model:open` and its like: whether it is to be open. Written false, the person keeps working. */
  readonly open: WritableComputedRef<boolean>
  /** Whether the page behind it is inert; false where `escalation: 'panel'` was chosen. */
  readonly modal: ComputedRef<boolean>
  /** Whether there is a next attempt to tell of. */
  readonly tries: ComputedRef<boolean>
  readonly view: Readonly<ShallowRef<StatusView>>
  /** The language: `words.actions['keep-working']`, and `words.modal.next` in front of `next`. */
  readonly words: ComputedRef<Words<'bar' | 'modal'>>
  /** "Try now", and "Trying…" while it is busy. */
  readonly retryLabel: ComputedRef<string>
  /** "Keep working", Escape: it closes for this outage, and trying goes on. */
  keepWorking(): void
}

/**
 * Everything that a dialog of your own needs. Mark it, or what is in it, with `data-hf="dialog"`: otherwise it is
 * taken for one of the application's, over which nothing opens, and is closed again. Its focus belongs on the
 * heading, never on a button that a typing person would press.
 */
export function useRetryDialog(options: HeadlessOptions = {}): UseRetryDialogReturn {
  const words = useLocale(() => toValue(options.locale), enSurfaces)
  const told = useTold(words, ({ surface }) => surface === 'modal' || surface === 'panel')
  const { shown, told: view, seconds, busy, turns, retryNow, dismiss } = told
  return {
    ...useDialogText(words, told),
    ...{ seconds, busy, turns, retryNow, view, words },
    open: computed({
      get: () => shown.value,
      set(open) {
        // A library that tells late of a dialog that is closed already dismisses nothing.
        if (!open && shown.value) dismiss()
      },
    }),
    modal: computed(() => view.value.surface !== 'panel'),
    tries: computed(() => view.value.attempt !== 'none'),
    retryLabel: useRetryLabel(words, told),
    keepWorking: dismiss,
  }
}

const useRetryLabel = (words: ComputedRef<BaseLocale>, { busy }: Told): ComputedRef<string> =>
  computed(() => (busy.value ? say(words.value, { key: 'trying', params: {} }) : words.value.actions.retry))
