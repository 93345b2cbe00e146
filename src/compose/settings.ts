/** Applies the values of `--set a.b=VALUE` to a spec, before it is expanded. Their places are in a text with one line for each. */
import { settingsFile, type Path, type Span } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { yamlText } from '../source/edits.ts'
import { removed } from '../source/nodeReader.ts'
import { parseSource } from '../source/source.ts'
import { KnownError } from '../system/knownError.ts'
import { mapOf } from './expandValue.ts'
import { originInside, type Origin, type Placed, type WrittenText } from './origins.ts'

/** A value that overrides one of the spec as written, before it is expanded: of `--set`, or of a trial of a sweep. */
export interface Assignment {
  readonly keys: Path
  readonly value: unknown
  /** Where the value of the first `depth` keys was written. */
  originAt(depth: number): Origin
}

interface Setting extends Assignment {
  readonly keySpan: Span
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
      return { ...setting, originAt: (depth) => ({ written: this, path: setting.keys.slice(0, depth) }) }
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

function readSetting(line: string, start: number): Omit<Setting, 'originAt'> {
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
    value: /^\s*!remove\s*$/.test(text) ? removed : source.value,
    keySpan: { start, end: start + written.length },
    locate(path) {
      const span = source.locateValue(path)
      const end = span.end > span.start ? span.end : text.length
      return { start: valueStart + span.start, end: valueStart + end }
    },
  }
}

/**
 * Returns the spec with the settings applied in their order.
 *
 * @param isBroken Whether a parent could not be read, which may define the variables that are set.
 * @throws KnownError if a setting does not fit the spec.
 */
export function applySettings(root: Placed, text: SettingsText, isBroken: boolean): Placed {
  return text.settings
    .filter((setting) => !isOfLayer(setting))
    .reduce((placed, setting) => {
      if (!isBroken) checkVariable(placed.value, setting)
      checkParent(setting)
      try {
        return assign(placed, setting)
      } catch (error) {
        throw error instanceof MisplacedKeys ? misplacedSetting(setting, error) : error
      }
    }, root)
}

/** Whether a value is for an option of a layer, `layers.head.units`. Such values are merged into expanded layers. */
export function isOfLayer({ keys }: Assignment): boolean {
  return keys[0] === 'layers' && keys.length > 1
}

/** Returns a value of an option of a layer in the form of the section `override`. */
export function overrideOf({ keys, value, originAt }: Assignment): Placed {
  const placeAt = (depth: number): Placed => {
    if (depth === keys.length) return { value, origin: originAt(depth) }
    const [key, inner] = [String(keys[depth]), placeAt(depth + 1)]
    return {
      value: mapOf([[key, inner.value]]),
      origin: { ...originAt(depth), inside: new Map([[key, inner.origin]]) },
    }
  }
  return placeAt(1)
}

/** A parent is read before settings are applied. */
function checkParent({ keys }: Setting): void {
  if (keys[0] !== 'extends') return
  throw new KnownError('usage', '--set extends: the parent of a spec cannot be set', 'write a spec that extends it')
}

function misplacedSetting({ keys }: Setting, { depth, description }: MisplacedKeys): KnownError {
  const path = keys.slice(0, depth).join('.')
  return new KnownError(
    'usage',
    `--set ${keys.join('.')}: \`${path}\` is ${description}, so it has no \`${keys[depth]}\``,
    `set all of it: \`--set '${path}={ ${keys.slice(depth).join(': { ')}: …${' }'.repeat(keys.length - depth)}'\``,
  )
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

/** Returns the spec with a value replaced. @throws MisplacedKeys if the keys lead into a value that is not a map. */
export function assign(root: Placed, assignment: Assignment): Placed {
  return assignInside(root, assignment, 0)
}

function assignInside({ value, origin }: Placed, assignment: Assignment, depth: number): Placed {
  const { keys } = assignment
  if (depth === keys.length) return { value: assignment.value, origin: assignment.originAt(depth) }
  const key = String(keys[depth])
  const map = mapWith(value, keys, depth)
  if (map === undefined) throw new MisplacedKeys(value, depth)
  const inner = Object.hasOwn(map, key)
    ? { value: map[key], origin: originInside(origin, key) }
    : { value: undefined, origin: assignment.originAt(depth + 1) }
  const changed = assignInside(inner, assignment, depth + 1)
  if (changed.value === removed) {
    if (Object.hasOwn(map, key)) return { value: mapOf(Object.entries(map).filter(([other]) => other !== key)), origin }
    throw new KnownError('usage', `--set ${keys.join('.')}: there is nothing to remove`, 'leave this option out')
  }
  return {
    value: mapOf(Object.entries({ ...map, [key]: changed.value })),
    origin: { ...origin, inside: new Map([...(origin.inside ?? []), [key, changed.origin]]) },
  }
}

/** The keys of an assignment lead into a value that has no keys, or into another alternative than the one chosen. */
export class MisplacedKeys extends Error {
  /** The value at the first `depth` keys. */
  readonly value: unknown
  readonly depth: number

  constructor(value: unknown, depth: number) {
    super('the keys lead into a value that is not a map')
    this.value = value
    this.depth = depth
  }

  /** What the value is, for a message. */
  get description(): string {
    return Array.isArray(this.value) ? 'a list' : `\`${chosenIn(this.value) ?? describeScalar(this.value)}\``
  }
}

/** The map that an assignment changes: the options of a part that is written as a bare name, or a new map if it has no value. */
function mapWith(value: unknown, keys: Path, depth: number): Readonly<Record<string, unknown>> | undefined {
  const key = String(keys[depth])
  if (value === undefined || value === null) return {}
  if (value === key) return { [key]: null }
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  const chosen = chosenIn(value)
  const isOther = depth === 1 && chosen !== undefined && chosen !== key && isChoice(keys[0])
  return isOther ? undefined : (value as Readonly<Record<string, unknown>>)
}

/** The only key of a map, such as the type of an optimizer. */
function chosenIn(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const keys = Object.keys(value).filter((one) => !one.startsWith('x-'))
  return keys.length === 1 ? keys[0] : undefined
}

function describeScalar(value: unknown): string {
  return typeof value === 'string' ? value : yamlText(value)
}

/** Whether a section is one part with its options, which another part cannot be added to. */
function isChoice(section: string | number | undefined): boolean {
  return section === 'optimizer' || section === 'dataset'
}
