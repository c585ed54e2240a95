/** The tokens, read from the style sheet that sets them. */

/** One custom property and its values. */
export interface Token {
  readonly name: string
  readonly light: string
  /** The same as in light where there is only one. */
  readonly dark: string
}

/** The declarations of each rule that sets this token, in their order. */
const rulesWith = (css: string, token: string): readonly ReadonlyMap<string, string>[] =>
  [...css.replace(/\/\*[^]*?\*\//g, '').matchAll(/\{([^{}]*)\}/g)]
    .map(
      ([, body]) =>
        new Map(
          [...body!.matchAll(/(--hf-[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [
            name!,
            value!.trim().replace(/\s+/g, ' '),
          ]),
        ),
    )
    .filter((rule) => rule.has(token))

/** Colours, which a theme has its own of. */
export function coloursIn(css: string): readonly Token[] {
  const [light = new Map<string, string>(), dark = light] = rulesWith(css, '--hf-warn-bg')
  return [...light].map(([name, value]) => ({ name, light: value, dark: dark.get(name) ?? value }))
}

/** What is the same in both themes: font, shape and density. */
export function shapesIn(css: string): readonly Token[] {
  const [shapes = new Map<string, string>()] = rulesWith(css, '--hf-font')
  return [...shapes].map(([name, value]) => ({ name, light: value, dark: value }))
}

/** What the tones stand for within a component: an application sets `--hf-warn-bg`, and not `--hf-bg`. */
const TONES = ['warn', 'bad', 'ok', 'info', 'idle']
const BY_TONE: Readonly<Record<string, string>> = {
  '--hf-bg': 'bg',
  '--hf-tx': 'fg',
  '--hf-accent': 'accent',
}

/** The tokens that a sheet of the kit uses; of a colour that goes by the tone those of all five. */
export function tokensIn(css: string): ReadonlySet<string> {
  const used = [...css.matchAll(/var\((--hf-[\w-]+)/g)].map(([, name]) => name!)
  return new Set(
    used.flatMap((name) => (BY_TONE[name] ? TONES.map((tone) => `--hf-${tone}-${BY_TONE[name]}`) : name)),
  )
}
