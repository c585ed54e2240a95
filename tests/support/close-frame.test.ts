import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { closeFrame, createFrameWatch } from './proxy/close-frame.js'

/** A server's frame: no mask, the shortest form of its length. */
function frame(length: number): Buffer {
  const payload = Buffer.alloc(length, 7)
  if (length < 126) return Buffer.concat([Buffer.from([0x82, length]), payload])
  const long = Buffer.alloc(length < 65_536 ? 4 : 10)
  long[0] = 0x82
  long[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) long.writeUInt16BE(length, 2)
  else long.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([long, payload])
}

test('the ends of frames are found, however the bytes are cut', () => {
  const length = fc.oneof(fc.nat(200), fc.constantFrom(0, 125, 126, 65_535, 65_536))
  fc.assert(
    fc.property(
      fc.array(length, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 5000 })),
      (lengths, cuts) => {
        const frames = lengths.map(frame)
        const ends = new Set<number>()
        frames.reduce((sum, { length }) => (ends.add(sum + length), sum + length), 0)
        const all = Buffer.concat(frames)
        const watch = createFrameWatch()
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const piece = all.subarray(at, at + (cuts[turn] ?? all.length))
          const inside = [...ends].filter((end) => end > at && end <= at + piece.length)
          expect(watch.feed(piece)).toBe(inside.length > 0 ? Math.min(...inside) - at : -1)
          at += piece.length
          expect(watch.isBetween).toBe(ends.has(at))
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('a close frame is its code and reason; codes that only say what happened are never sent', () => {
  expect([...closeFrame(1012, 'é')!]).toEqual([0x88, 4, 1012 >> 8, 1012 & 255, 0xc3, 0xa9])
  expect([1005, 1006, 1015].map((code) => closeFrame(code))).toEqual([null, null, null])
})
