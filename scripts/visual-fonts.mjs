/**
 * Makes the fonts that the compared pictures are drawn with: of Noto Sans, the characters that the texts and the
 * stories have. To be run when a test says that a character is missing; the result belongs to the repository.
 *
 *     npm run visual:fonts
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const TOOLS = '.cache/fonts'
const FOLDER = 'tests/visual/fonts'

/** Fetched for the occasion: the whole fonts are fifty times as large as what is needed of them. */
const PACKAGES = [
  'subset-font@2.9.0',
  '@expo-google-fonts/noto-sans@0.4.2',
  '@expo-google-fonts/noto-sans-arabic@0.4.3',
  '@expo-google-fonts/noto-sans-kr@0.4.3',
  '@expo-google-fonts/noto-sans-sc@0.4.3',
]

const TEXTS = ['src/components/**/*.{ts,vue}', 'stories/**/*.{ts,vue}', 'mocks/**/*.ts']

/** What every text may have, whether one has it today or not. */
const ALWAYS = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
]

/** In this order: what the first has, the others need not have. */
const FONTS = [
  { name: 'latin', family: 'noto-sans', file: 'NotoSans', has: /[\u0000-\u024f\u2010-\u203a\u202f]/u },
  { name: 'arabic', family: 'noto-sans-arabic', file: 'NotoSansArabic', has: /[\u0600-\u06ff]/u },
  { name: 'hangul', family: 'noto-sans-kr', file: 'NotoSansKR', has: /[\uac00-\ud7a3\u1100-\u11ff]/u },
  { name: 'cjk', family: 'noto-sans-sc', file: 'NotoSansSC', has: /./u },
]

const WEIGHTS = [
  { weight: '400 500', style: '400Regular' },
  { weight: '600 700', style: '600SemiBold' },
]

function install() {
  mkdirSync(TOOLS, { recursive: true })
  const { status } = spawnSync(
    `npm install --no-save --no-audit --no-fund --prefix ${TOOLS} ${PACKAGES.join(' ')}`,
    {
      stdio: 'inherit',
      shell: true,
    },
  )
  if (status !== 0) throw new Error('The fonts could not be fetched.')
}

/** Every character that is written somewhere, escapes included, in order. */
function charactersInUse() {
  const text = globSync(TEXTS)
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
    .replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  const always = ALWAYS.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at))
  const points = new Set([...always, ...[...text].map((letter) => letter.codePointAt(0))])
  return [...points].filter((point) => point >= 0x20).sort((one, other) => one - other)
}

const hex = (point) => point.toString(16).toUpperCase()

/** As CSS says it: `U+20-7E,U+A0`. */
function rangesOf(points) {
  const ranges = []
  for (const point of points) {
    const last = ranges.at(-1)
    if (last && last[1] === point - 1) last[1] = point
    else ranges.push([point, point])
  }
  return ranges.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(',')
}

install()
const require = createRequire(path.resolve(TOOLS, 'node_modules/from.js'))
const subset = require('subset-font')
mkdirSync(FOLDER, { recursive: true })

let left = charactersInUse()
const faces = []
for (const { name, family, file, has } of FONTS) {
  const points = left.filter((point) => has.test(String.fromCodePoint(point)))
  left = left.filter((point) => !points.includes(point))
  for (const { weight, style } of WEIGHTS) {
    const source = path.join(TOOLS, 'node_modules/@expo-google-fonts', family, style, `${file}_${style}.ttf`)
    const font = await subset(readFileSync(source), String.fromCodePoint(...points), {
      targetFormat: 'woff2',
    })
    const target = `${name}-${weight.slice(0, 3)}.woff2`
    writeFileSync(path.join(FOLDER, target), font)
    faces.push({ file: target, weight, unicodeRange: rangesOf(points) })
    console.log(`${target}: ${points.length} characters, ${(font.length / 1024).toFixed(0)} kB`)
  }
}
writeFileSync(path.join(FOLDER, 'faces.json'), `${JSON.stringify(faces, null, 2)}\n`)
