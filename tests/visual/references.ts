/**
 * The pictures that those of today are held against: one sheet for each component or story and mode, its cells
 * below each other, and a list of where each cell is. Their names say which browser drew them.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cut, decode, difference, laid, MOST_DIFFERING, save, type Picture, type Rect } from './picture.js'

const FOLDER = new URL('references/', import.meta.url)

/** Where what differs is shown. */
const FOUND = new URL('../../.cache/visual/', import.meta.url)

/** Whether the pictures of today become the references: `npm run visual -- --update`. */
const isUpdate = process.env['HOLDFAST_VISUAL'] === 'update'

/** Pictures by the name of their cell. */
export type Cells = ReadonlyMap<string, Picture>

type Places = Readonly<Record<string, Readonly<Record<string, Rect>>>>

/** The references of one browser and one part of the pictures. */
export interface References {
  /** Whether there are any for this browser. */
  readonly exist: boolean
  /** Whether the pictures of today become the references. */
  readonly update: boolean
  /** What differs from the sheet of that name, cell by cell; nothing where it is written anew. */
  compare(sheet: string, cells: Cells): Promise<readonly string[]>
  /** Writes down where the cells are. */
  close(): void
}

/** Opens them. `part` names the list of places. */
export function openReferences(part: string, browser: string): References {
  const listed = new URL(`${part}.${browser}.json`, FOLDER)
  const known: Places = existsSync(listed) ? JSON.parse(readFileSync(listed, 'utf8')) : {}
  const written: Record<string, Readonly<Record<string, Rect>>> = {}
  const fileOf = (sheet: string) => new URL(`${sheet}.${browser}.webp`, FOLDER)
  mkdirSync(FOLDER, { recursive: true })

  async function write(sheet: string, cells: Cells): Promise<void> {
    const names = [...cells.keys()]
    const { sheet: picture, rects } = laid([...cells.values()])
    await save(picture, fileOf(sheet))
    written[sheet] = Object.fromEntries(names.map((name, index) => [name, rects[index]!]))
  }

  async function differences(sheet: string, cells: Cells): Promise<string[]> {
    const places = known[sheet]
    if (!places || !existsSync(fileOf(sheet))) return [`${sheet}: there is no reference`]
    const reference = await decode(fileOf(sheet))
    const found = Object.keys(places)
      .filter((name) => !cells.has(name))
      .map((name) => `${name}: is no longer there`)
    for (const [name, today] of cells) {
      const place = places[name]
      const before = place && cut(reference, place)
      const { share, where } = before ? difference(before, today) : { share: 1, where: today }
      if (share <= MOST_DIFFERING) continue
      await show(sheet, name, { ...(before && { before }), today, where })
      found.push(`${name}: ${before ? inWords(share, before, today) : 'has no reference'}`)
    }
    return found
  }

  return {
    exist: existsSync(listed),
    update: isUpdate,
    async compare(sheet, cells) {
      if (!isUpdate) return differences(sheet, cells)
      await write(sheet, cells)
      return []
    },
    close() {
      if (!isUpdate) return
      for (const sheet of Object.keys(known)) if (!(sheet in written)) rmSync(fileOf(sheet), { force: true })
      writeFileSync(listed, `${JSON.stringify(written)}\n`)
    },
  }
}

function inWords(share: number, before: Picture, today: Picture): string {
  if (share < 1) return `${(share * 100).toFixed(2)} % differ`
  return `${before.width} × ${before.height} before, ${today.width} × ${today.height} today`
}

async function show(sheet: string, name: string, pictures: Readonly<Record<string, Picture>>): Promise<void> {
  mkdirSync(FOUND, { recursive: true })
  for (const [what, picture] of Object.entries(pictures)) {
    await save(picture, new URL(`${sheet}.${name.replace(/[^\w-]+/g, '-')}.${what}.webp`, FOUND))
  }
}
