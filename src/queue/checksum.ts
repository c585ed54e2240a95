/** Tells damaged bytes from whole ones. Pure. */

/**
 * FNV-1a of 32 bits twice, with two beginnings, and the length: 64 bits against damage. Not against forgery:
 * whoever can write the bytes can write this as well, and `crypto.subtle` is missing on plain-http pages.
 */
export function sumOf(bytes: ArrayBuffer): string {
  let one = 0x811c9dc5
  let other = 0x9747b28c
  for (const byte of new Uint8Array(bytes)) {
    one = Math.imul(one ^ byte, 0x01000193)
    other = Math.imul(other ^ byte, 0x85ebca6b)
    other ^= other >>> 15
  }
  return [one, other, bytes.byteLength].map((part) => (part >>> 0).toString(16)).join('-')
}
