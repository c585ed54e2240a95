/** Entity tags and the conditions made of them (RFC 9110, 13.1). */
import { Problem } from './problem.ts'

/** The strong tag of a version. */
export const etagOf = (version: number): string => `"${version}"`

/** Tags of a list, weak ones left out where only strong ones count; null for `*`. Throws 400 for what is no list. */
function readTags(header: string, name: string, areWeakGood: boolean): readonly string[] | null {
  if (header.trim() === '*') return null
  const tags = header.split(',').map((tag) => tag.trim())
  if (tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag)))
    return areWeakGood ? tags.map((tag) => tag.replace(/^W\//, '')) : tags
  throw new Problem(400, 'malformed', `${name} is * or a list of quoted entity tags`)
}

/**
 * Throws unless the condition of a change holds: 428 `precondition-required` without one, 412 `conflict` if the
 * thing has another tag now.
 */
export function requireMatch(header: string | undefined, etag: string): void {
  if (header === undefined)
    throw new Problem(
      428,
      'precondition-required',
      'A change says in If-Match which version it is a change of',
    )
  const tags = readTags(header, 'If-Match', false)
  if (tags && !tags.includes(etag))
    throw new Problem(412, 'conflict', 'It was changed meanwhile; ETag tells its version now')
}

/** Whether the caller of a read has this version already. */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return readTags(header, 'If-None-Match', true)?.includes(etag) ?? true
}
