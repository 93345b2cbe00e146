/** Applies the values of `--set a.b=VALUE` to a spec, before it is expanded. Their places are in a text with one line for each. */
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { yamlText } from '../source/edits.ts'
import { parseSource } from '../source/source.ts'
import { KnownError } from '../system/knownError.ts'
import { mapOf } from './expandValue.ts'
import { originInside, type Origin, type WrittenText } from './origins.ts'

/** The name of the text in diagnostics. */
export const settingsFile = '--set'

interface Setting {
  readonly keys: Path
  readonly value: unknown
  /** The span of the keys, and the offset of the value. */
  readonly keySpan: Span
  readonly valueStart: number
  locate(path: Path): Span
}

/** The options as a text, in which diagnostics can point to a value. */
export class SettingsText implements WrittenText {
  readonly file = settingsFile
  readonly text: string
  readonly settings: readonly Setting[]

  /** @throws KnownError if one is not of the form `a.b=VALUE`, with a value in YAML. */
  constructor(written: readonly string[]) {
    this.text = written.join('\n')
    let start = 0
    this.settings = written.map((line) => {
      const setting = readSetting(line, start)
      start += line.length + 1
      return setting
    })
  }

  locateValue(path: Path): Span {
    const { keySpan, keys, locate } = this.settingOf(path)
    return path.length < keys.length ? keySpan : locate(path.slice(keys.length))
  }

  locateKey(path: Path): Span {
    const { keySpan, keys } = this.settingOf(path)
    return path.length <= keys.length ? keySpan : this.locateValue(path)
  }

  /** The last setting of a value around, at or inside a path. */
  private settingOf(path: Path): Setting {
    return this.settings.findLast(({ keys }) =>
      keys.every((key, index) => index >= path.length || path[index] === key),
    )!
  }
}

function readSetting(line: string, start: number): Setting {
  const [, written = '', text = ''] = /^([^=\s]+)=(.*)$/s.exec(line) ?? []
  const keys = written.split('.')
  if (keys.some((key) => key === '')) {
    throw new KnownError(
      'usage',
      `--set ${JSON.stringify(line)} is not of the form KEY=VALUE`,
      'for example, `--set training.epochs=3`',
    )
  }
  const { source, diagnostics } = parseSource(text, settingsFile)
  const problem = diagnostics.find(({ code }) => code !== 'source/not-a-map')
  if (problem !== undefined) {
    throw new KnownError(
      'usage',
      `the value of --set ${written} is not YAML: ${problem.message}`,
      'quote it for the shell',
    )
  }
  const valueStart = start + written.length + 1
  return {
    keys,
    value: source.value,
    keySpan: { start, end: start + written.length },
    valueStart,
    locate(path) {
      const span = source.locateValue(path)
      const end = span.end > span.start ? span.end : text.length
      return { start: valueStart + span.start, end: valueStart + end }
    },
  }
}

/** A value with its origin. */
interface Placed {
  readonly value: unknown
  readonly origin: Origin
}

/** Returns the spec with the settings applied in their order. @throws KnownError if a setting does not fit the spec. */
export function applySettings(root: Placed, text: SettingsText): Placed {
  return text.settings.reduce((placed, setting) => {
    checkVariable(placed.value, setting)
    return setInside(placed, setting, text, 0)
  }, root)
}

/** A variable that the spec does not define would have no effect. */
function checkVariable(root: unknown, { keys }: Setting): void {
  const [section, name] = keys as readonly string[]
  const vars = (root as Readonly<Record<string, unknown>>)['vars']
  const known = vars !== null && typeof vars === 'object' ? Object.keys(vars) : []
  if (section !== 'vars' || name === undefined || known.includes(name)) return
  const meant = didYouMean(name, known)
  const help = meant === undefined ? 'define it in `vars` of the spec' : `did you mean \`vars.${meant}\`?`
  throw new KnownError('usage', `--set vars.${name}: the spec has no variable \`${name}\``, help)
}

function setInside({ value, origin }: Placed, setting: Setting, text: SettingsText, depth: number): Placed {
  const { keys } = setting
  if (depth === keys.length) return { value: setting.value, origin: { written: text, path: keys } }
  const key = String(keys[depth])
  const map = asMap(value, key, setting, depth)
  const inner = Object.hasOwn(map, key)
    ? { value: map[key], origin: originInside(origin, key) }
    : { value: undefined, origin: { written: text, path: keys.slice(0, depth + 1) } }
  const changed = setInside(inner, setting, text, depth + 1)
  return {
    value: mapOf(Object.entries({ ...map, [key]: changed.value })),
    origin: { ...origin, inside: new Map([...(origin.inside ?? []), [key, changed.origin]]) },
  }
}

/** The map that a setting changes: the options of a part that is written as a bare name, or a new map if it has no value. */
function asMap(value: unknown, key: string, { keys }: Setting, depth: number): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {}
  if (value === key) return { [key]: null }
  const isMap = typeof value === 'object' && !Array.isArray(value)
  const path = keys.slice(0, depth).join('.')
  const chosen = isMap ? Object.keys(value).filter((one) => !one.startsWith('x-')) : []
  if (isMap && !(depth === 1 && chosen.length === 1 && chosen[0] !== key && isChoice(keys[0]))) {
    return value as Readonly<Record<string, unknown>>
  }
  const name = isMap ? chosen[0] : typeof value === 'string' ? value : yamlText(value)
  throw new KnownError(
    'usage',
    `--set ${keys.join('.')}: \`${path}\` is ${Array.isArray(value) ? 'a list' : `\`${name}\``}, so it has no \`${key}\``,
    `set all of it: \`--set '${path}={ ${keys.slice(depth).join(': { ')}: …${' }'.repeat(keys.length - depth)}'\``,
  )
}

/** Whether a section is one part with its options, which another part cannot be added to. */
function isChoice(section: string | number | undefined): boolean {
  return section === 'optimizer' || section === 'dataset'
}
