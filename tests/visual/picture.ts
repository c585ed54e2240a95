/** Pictures as pixels: cut, trimmed, laid together and compared. */
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import sharp from 'sharp'

/** Pixels of 4 bytes, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** A part of a picture (pixels). */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const BYTES = 4

/** Of a picture; more of its pixels may not differ. */
export const MOST_DIFFERING = 0.002

/** How far the colours of a pixel may be apart, of all that is possible. What only smooths an edge is no difference. */
const PATIENCE = { threshold: 0.1, includeAA: false }

/** From the bytes of a PNG or WebP. */
export async function decode(image: Buffer | URL): Promise<Picture> {
  const source = image instanceof URL ? fileURLToPath(image) : image
  const { data, info } = await sharp(source).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** To a file, exactly as it is: a lossless WebP is a third of the PNG. */
export async function save({ width, height, data }: Picture, file: URL): Promise<void> {
  const raw = { width, height, channels: BYTES } as const
  await sharp(data, { raw }).webp({ lossless: true, effort: 6 }).toFile(fileURLToPath(file))
}

const blank = (width: number, height: number): Picture => ({
  width,
  height,
  data: new Uint8Array(width * height * BYTES).fill(255),
})

function copy(from: Picture, rect: Rect, to: Picture, x: number, y: number): void {
  for (let row = 0; row < rect.height; row++) {
    const start = ((rect.y + row) * from.width + rect.x) * BYTES
    const line = from.data.subarray(start, start + rect.width * BYTES)
    ;(to.data as Uint8Array).set(line, ((y + row) * to.width + x) * BYTES)
  }
}

/** A part of it. */
export function cut(picture: Picture, rect: Rect): Picture {
  const width = Math.min(rect.width, picture.width - rect.x)
  const height = Math.min(rect.height, picture.height - rect.y)
  const part = blank(width, height)
  copy(picture, { ...rect, width, height }, part, 0, 0)
  return part
}

/** Without the rows at its end that are of one colour; a margin of them stays. */
export function trimmed(picture: Picture, margin = 8): Picture {
  const pixels = new Uint32Array(picture.data.buffer, picture.data.byteOffset, picture.width * picture.height)
  const ground = pixels.at(-1)!
  const last = pixels.findLastIndex((pixel) => pixel !== ground)
  const height = Math.min(picture.height, Math.floor(Math.max(last, 0) / picture.width) + 1 + margin)
  return cut(picture, { x: 0, y: 0, width: picture.width, height })
}

/** As somebody sees it who sees no colours: by luminance alone (ITU-R BT.709). */
export function grey({ width, height, data }: Picture): Picture {
  const made = Uint8Array.from(data)
  for (let at = 0; at < made.length; at += BYTES) {
    made.fill(0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!, at, at + 3)
  }
  return { width, height, data: made }
}

/** Higher than this a sheet goes on beside itself (pixels); a WebP has 16,383 at most. */
const COLUMN = 4000

/** Several pictures as one, below and beside each other, and where each of them is. */
export function laid(pictures: readonly Picture[]): {
  readonly sheet: Picture
  readonly rects: readonly Rect[]
} {
  const column = Math.max(...pictures.map(({ width }) => width))
  let x = 0
  let y = 0
  const rects = pictures.map(({ width, height }) => {
    if (y > 0 && y + height > COLUMN) [x, y] = [x + column, 0]
    const rect = { x, y, width, height }
    y += height
    return rect
  })
  const sheet = blank(x + column, Math.max(...rects.map((rect) => rect.y + rect.height)))
  pictures.forEach((picture, index) => {
    const { x, y, width, height } = rects[index]!
    copy(picture, { x: 0, y: 0, width, height }, sheet, x, y)
  })
  return { sheet, rects }
}

/** How much of two pictures differs, from 0 to 1, and where. Pictures of different sizes differ altogether. */
export function difference(
  one: Picture,
  other: Picture,
): { readonly share: number; readonly where: Picture } {
  const { width, height } = one
  const where = blank(width, height)
  if (width !== other.width || height !== other.height) return { share: 1, where }
  const pixels = pixelmatch(one.data, other.data, where.data as Uint8Array, width, height, PATIENCE)
  return { share: pixels / (width * height), where }
}
