/** Files go with an action: their bytes are kept with it, because a file may change or vanish before it is sent. */
import { HoldfastError } from '../core/errors.js'
import { number, readOptions } from '../core/options.js'
import { sumOf } from './checksum.js'
import type { QueueFeature } from './feature.js'
import { isFile } from './payload.js'
import { mapPayload } from './payload-walk.js'

/** Options of `attachments`. */
export interface AttachmentsOptions {
  /** How many files one action may carry. Default: 10 (own). */
  maxFiles?: number
  /** How many bytes one file may have. Default: 10 485 760 (own). All together count towards `maxBytes` as well. */
  maxFileBytes?: number
}

/** What is kept of a file. */
interface KeptFile {
  readonly [MARK]: 1
  /** null: it was a blob. */
  readonly name: string | null
  readonly type: string
  readonly lastModified: number
  readonly bytes: ArrayBuffer
  /** Of the bytes: against damage, not against forgery. */
  readonly sum: string
}

const MARK = 'holdfast:file'
const MEBIBYTE = 2 ** 20

/**
 * Attachments: payloads may hold `Blob` and `File` anywhere. Their bytes are read before `enqueue` resolves, kept
 * with a checksum, and handed to the handler as a new `Blob` or `File` of the same name, type and date on every
 * attempt (I03). One that cannot be read, or too many or too large ones, refuse the action: `bad-action`. Bytes
 * that are not what they were any more make it `failed`, `unsendable`. `merges` see them as they are kept, and have
 * to pass them on untouched. Calls are accepted in their order, so that one behind a large file waits for it. All
 * that is kept is also in memory. Bad options throw `bad-option`.
 */
export function attachments(options: AttachmentsOptions = {}): QueueFeature {
  const { maxFiles, maxFileBytes } = readOptions('attachments', options, {
    maxFiles: number(1, 1_000, 10),
    maxFileBytes: number(1, 1_024 * MEBIBYTE, 10 * MEBIBYTE),
  })

  const checkRoom = (files: readonly Blob[]) => {
    if (files.length > maxFiles)
      throw new HoldfastError('bad-action', `${files.length} files; at most ${maxFiles}`)
    const large = files.find(({ size }) => size > maxFileBytes)
    if (large) throw new HoldfastError('bad-action', `a file of ${large.size} bytes; at most ${maxFileBytes}`)
  }

  return {
    takesFiles: true,
    attach: () => ({
      async fit({ payload, bytes }) {
        const files: Blob[] = []
        mapPayload(payload, (leaf) => isFile(leaf) && files.push(leaf))
        checkRoom(files)
        const kept = new Map<unknown, KeptFile>()
        for (const file of files) kept.set(file, await keepFile(file))
        const size = files.reduce((sum, file) => sum + file.size, bytes)
        return { payload: mapPayload(payload, (leaf) => kept.get(leaf) ?? leaf), bytes: size }
      },
      hand: (payload) => mapPayload(payload, (leaf) => leaf, toFile),
    }),
  }
}

async function keepFile(file: Blob): Promise<KeptFile> {
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw new HoldfastError('bad-action', 'a file of it cannot be read', { cause })
  })
  const { name = null, lastModified = 0 } = file as Partial<File>
  return { [MARK]: 1, name, type: file.type, lastModified, bytes, sum: sumOf(bytes) }
}

/** The file again; undefined: this is none. */
function toFile(kept: object): Blob | undefined {
  if (!(MARK in kept)) return undefined
  const { name, type, lastModified, bytes, sum } = kept as KeptFile
  if (!(bytes instanceof ArrayBuffer) || sumOf(bytes) !== sum) throw new Error('a file of it is damaged')
  return name === null ? new Blob([bytes], { type }) : new File([bytes], name, { type, lastModified })
}
