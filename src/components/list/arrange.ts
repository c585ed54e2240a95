/** Rows by the object that they belong to, each object below its name. Pure, but for the names that it keeps. */
import type { Action } from '../../vue/queue-port.js'

/** The heading of an object's rows. */
export interface Group {
  /** What people call the object; '': rows that belong to none. */
  readonly group: string
}

/** What the list shows, one below the other. */
export type Item = Action | Group

/** Whether it is a heading. */
export const isGroup = (item: Item): item is Group => 'group' in item

/** Names the object that a change belongs to; nothing: to none. */
export type GroupOf = (action: Action) => string | undefined

/**
 * Makes the function that puts rows in groups: groups in the order of their first row, rows in the order they came
 * in. The heading of a group stays the same object, so that what did not change is seen to be the same.
 */
export function createArranger(): (rows: readonly Action[], groupOf?: GroupOf) => readonly Item[] {
  const headings = new Map<string, Group>()
  const headingOf = (name: string): Group => {
    const heading = headings.get(name) ?? { group: name }
    headings.set(name, heading)
    return heading
  }
  return (rows, groupOf) => {
    if (!groupOf) return rows
    const groups = new Map<string, Action[]>()
    for (const row of rows) {
      const name = groupOf(row) ?? ''
      const members = groups.get(name)
      if (members) members.push(row)
      else groups.set(name, [row])
    }
    for (const name of headings.keys()) if (!groups.has(name)) headings.delete(name)
    // Where nothing belongs to an object, a heading above all of it would say nothing.
    if (groups.size === 1 && groups.has('')) return rows
    return [...groups].flatMap(([name, members]) => [headingOf(name), ...members])
  }
}

/** What a row or a heading is known by. */
export const keyOf = (item: Item): string => (isGroup(item) ? `group ${item.group}` : item.id)

/**
 * The id of the row that is so many steps from this one; headings are stepped over. Infinitely far: counted from the
 * end that is meant. Undefined: there is none.
 */
export function rowFrom(items: readonly Item[], key: string, steps: number): string | undefined {
  const isFar = !Number.isFinite(steps)
  const start = isFar ? (steps < 0 ? -1 : items.length) : items.findIndex((item) => keyOf(item) === key)
  const step = Math.sign(steps) * (isFar ? -1 : 1)
  let at = start + step
  for (let item = items[at]; item && isGroup(item); item = items[at]) at += step
  return items[at] && keyOf(items[at]!)
}
