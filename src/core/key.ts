/** Ids and idempotency keys: time-ordered, unique across tabs, unguessable. */
import type { Clock, Random } from './clock.js'

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Two digits a byte. Every unsafe request needs a key: no list and no text is made on the way. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += DIGITS[bytes[at]!]
  return text
}

/** A UUID of version 7 (RFC 9562, 5.7): 48 bits of time, 74 bits of chance. */
export function createKey(clock: Clock, random: Random): string {
  const time = Math.max(0, Math.floor(clock.now())).toString(16).padStart(12, '0')
  const chance = random.bytes(10)
  chance[0] = (chance[0]! & 0x0f) | 0x70
  chance[2] = (chance[2]! & 0x3f) | 0x80
  const rest = hex(chance)
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`
}
