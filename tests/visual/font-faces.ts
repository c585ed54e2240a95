/** The fonts that pictures are drawn with, made by `npm run visual:fonts`. */
import faces from './fonts/faces.json' with { type: 'json' }

/** For `FontFace`: files of `fonts/`, their weights and the characters that they have. */
export const fontFaces: readonly {
  readonly file: string
  readonly weight: string
  readonly unicodeRange: string
}[] = faces
