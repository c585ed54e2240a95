import { onActivated, onDeactivated, onMounted, shallowRef, type Ref } from 'vue'

/**
 * Whether the component is on the page: not on a server, nor before hydration is done, nor while KeepAlive has put it
 * aside: what is there is neither seen nor heard.
 */
export function useOnPage(): Readonly<Ref<boolean>> {
  const isOnPage = shallowRef(false)
  const come = () => (isOnPage.value = true)
  onMounted(come)
  onActivated(come)
  onDeactivated(() => (isOnPage.value = false))
  return isOnPage
}
