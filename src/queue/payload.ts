/** Takes over what an action carries: a deep copy of plain data, checked and measured on the way. */
import { HoldfastError } from '../core/errors.js'

/** Deeper than this is a mistake, or a circle. */
const DEEPEST = 64
const LEAVES = /^\[object (?:Date|ArrayBuffer|DataView|\w+Array)\]$/

/** A copy that nobody else holds, and its estimated size. */
export interface Taken {
  readonly payload: unknown
  readonly bytes: number
}

/**
 * Copies plain data: null, booleans, numbers, strings, bigints, undefined, arrays, plain objects (reactive
 * ones too), dates and buffers. Anything else, or more than `maxBytes`, is a `bad-action`. `takesFiles`: blobs
 * and files are let through as they are and not counted; whoever asks for that has to see to them.
 */
export function takePayload(given: unknown, maxBytes: number, takesFiles = false): Taken {
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
    const kind = Object.prototype.toString.call(value)
    if (isFile(value)) {
      if (takesFiles) return value
      throw unfit(path, 'is a file: give createQueue `features: [attachments()]`')
    }
    if (LEAVES.test(kind)) {
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

/** Also one of another frame. */
export function isFile(value: unknown): value is Blob {
  return /^\[object (?:Blob|File)\]$/.test(Object.prototype.toString.call(value))
}

function unfit(path: string, why: string): HoldfastError {
  return new HoldfastError('bad-action', `${path} ${why}`)
}

function sizeOf(leaf: object): number {
  return 'byteLength' in leaf ? Number(leaf.byteLength) : 8
}
