import { watch, type Ref } from 'vue'

/**
 * `v-model:open` over a surface that the status opens and closes: tells of each change, and hands on what the parent
 * asks for. What cannot be (to open what there is nothing to tell in) is said back.
 *
 * @param open the model; undefined: nobody has bound it
 * @param shown whether it is to be seen
 * @param ask opens or closes it
 */
export function useOpen(
  open: Ref<boolean | undefined>,
  shown: Readonly<Ref<boolean>>,
  ask: (open: boolean) => void,
): void {
  watch(shown, (isShown) => {
    open.value = isShown
  })
  watch(open, (wanted) => {
    if (wanted === undefined || wanted === shown.value) return
    ask(wanted)
    open.value = shown.value
  })
}
