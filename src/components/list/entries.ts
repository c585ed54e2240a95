import type { ShallowRef } from 'vue'

/** Puts an entry under an id into a map that is shown, or takes it away; who looks at it sees another map. */
export function putEntry<T>(shown: ShallowRef<ReadonlyMap<string, T>>, id: string, entry?: T): void {
  const next = new Map(shown.value)
  if (entry) next.set(id, entry)
  else next.delete(id)
  shown.value = next
}
