/** Takes over what an action carries: a deep copy of plain data, checked and measured on the way. */
import { HoldfastError } from '../core/errors.js'

/** Deeper than this is a mistake, or a circle. */
const DEEPEST = 64
const LEAVES = /^\[object (?:Date|ArrayBuffer|DataView|Blob|File|\w+Array)\]$/

/** A copy that nobody else holds, and its estimated size. */
export interface Taken {
  readonly payload: unknown
  readonly bytes: number
}

/**
 * Copies plain data: null, booleans, numbers, strings, bigints, undefined, arrays, plain objects (reactive
 * ones too), dates, blobs and buffers. Anything else, or more than `maxBytes`, is a `bad-action`.
 */
export function takePayload(given: unknown, maxBytes: number): Taken {
  let bytes = 0
  const count = (more: number) => {
    bytes += more
    if (bytes > maxBytes)
      throw new HoldfastError('bad-action', `its payload is larger than ${maxBytes} bytes`)
  }

  const copy = (value: unknown, path: string, depth: number): unknown => {
    if (depth > DEEPEST) throw unfit(path, 'is nested too deeply, or contains itself')
    if (typeof value === 'string') count(2 * value.length)
    else count(8)
    if (typeof value === 'function' || typeof value === 'symbol') throw unfit(path, `is a ${typeof value}`)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}[${index}]`, depth + 1))
    if (LEAVES.test(Object.prototype.toString.call(value))) {
      count(sizeOf(value))
      return structuredClone(value)
    }
    return copyObject(value, path, depth)
  }

  const copyObject = (value: object, path: string, depth: number): object => {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw unfit(path, 'is not plain data')
    const fresh: Record<string, unknown> = {}
    for (const [name, item] of Object.entries(value)) {
      if (name === '__proto__') throw unfit(path, 'has a key __proto__')
      count(2 * name.length)
      fresh[name] = copy(item, `${path}.${name}`, depth + 1)
    }
    return fresh
  }

  const payload = copy(given, 'payload', 0)
  return { payload, bytes }
}

function unfit(path: string, why: string): HoldfastError {
  return new HoldfastError('bad-action', `${path} ${why}`)
}

function sizeOf(leaf: object): number {
  if ('byteLength' in leaf) return Number(leaf.byteLength)
  return 'size' in leaf ? Number(leaf.size) : 8
}
