/** Translates a part that is written as in another library: `Dense(10)` to `dense: { units: 10 }`. */
import type { FixKind } from '../diagnostics/diagnostic.ts'
import { foldSpelling, meaningsOf } from '../diagnostics/didYouMean.ts'
import { foreignWords } from './foreignWords.ts'
import { suggestWord } from './suggestWord.ts'
import type { Options } from './foreignArguments.ts'
import { foreignParts, type ForeignPart } from './foreignParts.ts'
import { readPythonCall } from './pythonCall.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'

export interface Translation {
  readonly part: string
  readonly options: Options
  readonly kind: FixKind
  /** Whether it is enough to rename the part; foreign names of its options are then fixed one by one. */
  readonly isRenaming: boolean
  /** How it differs, if it is similar but not equal. */
  readonly differs?: string
  /** Converts an argument, given its original name, to no option, one or several; undefined for an option of this language. */
  convert(key: string): Options | undefined
}

/** A part as written: its name, its positional arguments, and its keyword arguments. */
export interface WrittenPart {
  readonly name: string
  readonly positional: readonly unknown[]
  readonly keywords: Options
}

/** The schema of the choice of parts at a place, and the whole schema. */
export interface Choices {
  readonly root: SchemaNode
  readonly choice: SchemaNode
}

/** Finds the meanings of `name: value`, or of a text without a value, such as `Dense(10)` or `Dropout`. */
export function translatePart(name: string, value: unknown, choices: Choices): readonly Translation[] {
  const isCall = value === undefined && name.endsWith(')')
  const found = writtenForms(name, value).flatMap((written) => {
    const readings = readingsOf(written.name, choices)
    return (readings.length > 0 || !isCall ? readings : plainReading(written, choices)).flatMap((reading) => {
      const options = readArguments(reading, written, choices)
      return options === undefined ? [] : [{ reading, options, written }]
    })
  })
  const distinct = new Map<string, (typeof found)[number]>()
  for (const one of found) {
    const { part } = one.reading
    // Renamings of both libraries give the same text, so they count as one.
    const meaning = isRenaming(one.reading, one.written) ? `${part} by name` : canonical(part, one.options)
    if (!distinct.has(meaning)) distinct.set(meaning, one)
  }
  const all = [...distinct.values()]
  const exact = all.filter(({ reading }) => reading.differs === undefined)
  const kept = exact.length > 0 ? exact : all
  return kept.map(({ reading, options, written }) => ({
    part: reading.part,
    options,
    isRenaming: isRenaming(reading, written),
    convert: (key) => convertArgument(key, reading, written.keywords),
    kind: kept.length === 1 && exact.length === 1 ? 'rewrite' : 'suggestion',
    ...(reading.differs !== undefined && { differs: reading.differs }),
  }))
}

/** Whether renaming the part would change the meaning, since an argument has another unit or another default there. */
export function needsMoreThanName(name: string, value: unknown, choices: Choices): boolean {
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : []
  return readingsOf(name, choices).some(
    (reading) =>
      Object.keys(reading.defaults ?? {}).length > 0 ||
      keys.some((key) => {
        const argument = argumentNamed(key, reading)
        return argument !== undefined && typeof reading.args[argument] === 'function'
      }),
  )
}

/** The possible forms of a part. A list is either all positional arguments, or the first one. */
function writtenForms(name: string, value: unknown): WrittenPart[] {
  const form = (positional: readonly unknown[], keywords: Options = {}) => ({ name, positional, keywords })
  if (value === undefined) return [readPythonCall(name) ?? form([])]
  if (value === null) return [form([])]
  if (Array.isArray(value)) return [form(value), form([value])]
  return typeof value === 'object' ? [form([], value as Options)] : [form([value])]
}

function readingsOf(word: string, { choice }: Choices): readonly ForeignPart[] {
  const steps = word.split('.')
  const name = steps.at(-1)!
  const library = libraryOf(steps.slice(0, -1).join('.'))
  const fitting = foreignParts().filter(
    ([, { library: own, part, isPrefixed }]) =>
      Object.hasOwn(choice.properties ?? {}, part) && (library === undefined ? isPrefixed !== true : own === library),
  )
  const exact = fitting.filter(([own]) => own === name)
  const folded = foldSpelling(name)
  const readings = exact.length > 0 ? exact : fitting.filter(([own]) => foldSpelling(own) === folded)
  return readings.map(([, reading]) => reading)
}

/** A call of a part without an entry in `foreignParts`, whose name is another spelling. It may have keyword arguments only. */
function plainReading({ name, positional }: WrittenPart, { choice }: Choices): ForeignPart[] {
  const guess = suggestWord(name.split('.').at(-1)!, Object.keys(choice.properties ?? {}))
  if (guess.word === undefined || guess.kind !== 'rewrite' || positional.length > 0) return []
  return [{ library: 'keras', part: guess.word, args: {} }]
}

function libraryOf(module: string): ForeignPart['library'] | undefined {
  if (/\b(torch\w*|nn|F|optim|lr_scheduler|transforms)\b/.test(module)) return 'torch'
  return /\b(keras|tf|layers|optimizers|losses)\b/.test(module) ? 'keras' : undefined
}

/** Converts the arguments to options. Returns undefined if the part cannot have these arguments. */
function readArguments(reading: ForeignPart, written: WrittenPart, { root, choice }: Choices): Options | undefined {
  const { args, defaults = {}, requires = [] } = reading
  const names = Object.keys(args)
  if (written.positional.length > names.length) return undefined
  const stated: Record<string, unknown> = {}
  const others: Record<string, unknown> = {}
  for (const [index, value] of written.positional.entries()) stated[names[index]!] = value
  for (const [key, value] of Object.entries(written.keywords)) {
    const name = argumentNamed(key, reading)
    if (name === undefined) others[key] = value
    else stated[name] = value
  }
  if (requires.some((name) => !Object.hasOwn(stated, name))) return undefined
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(stated)) {
    const arg = args[name]!
    // Python's None means the default.
    if (arg === null || value === null) continue
    const converted = typeof arg === 'string' ? { [arg]: value } : arg(value, stated)
    if (converted === undefined) return undefined
    Object.assign(options, converted)
  }
  const whole = { ...defaults, ...options, ...others }
  const own = partSchema(root, choice, reading.part)
  return own !== undefined && fits(whole, own) ? whole : undefined
}

function convertArgument(key: string, reading: ForeignPart, given: Options): Options | undefined {
  const name = argumentNamed(key, reading)
  const arg = name === undefined ? undefined : reading.args[name]
  const value = given[key]
  if (arg === undefined) return undefined
  if (arg === null || value === null) return {}
  return typeof arg === 'string' ? { [arg]: value } : arg(value, given)
}

function partSchema(root: SchemaNode, choice: SchemaNode, part: string): SchemaNode | undefined {
  const node = choice.properties?.[part]
  return node === undefined ? undefined : schemaAt({ ...node, definitions: root.definitions ?? {} }, [])
}

function argumentNamed(key: string, { args }: ForeignPart): string | undefined {
  const folded = foldSpelling(key)
  return Object.keys(args).find((name) => foldSpelling(name) === folded)
}

/** Whether the part may have the options, judged by the types of their values; words are checked later. */
function fits(options: Options, { properties = {}, required = [] }: SchemaNode): boolean {
  const words = Object.keys(options)
  const isThere = (key: string) =>
    words.some(
      (word) =>
        foldSpelling(word) === foldSpelling(key) || meaningsOf(foldSpelling(word), foreignWords()).includes(key),
    )
  return (
    required.every(isThere) &&
    Object.entries(options).every(
      ([key, value]) => key === 'padding' || properties[key] === undefined || accepts(properties[key], value),
    )
  )
}

function accepts(schema: SchemaNode, value: unknown): boolean {
  if (schema.$ref !== undefined) return true
  if (schema.anyOf !== undefined) return schema.anyOf.some((one) => accepts(one, value))
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return false
    const { items, minItems = 0, maxItems = Infinity } = schema
    const hasLength = value.length >= minItems && value.length <= maxItems
    return hasLength && (items === undefined || value.every((item) => accepts(items, item)))
  }
  switch (schema.type) {
    case undefined:
      return true
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    default:
      return typeof value === schema.type
  }
}

/** Whether only the names of the options are foreign, not their values. */
function isRenaming(reading: ForeignPart, { positional, keywords }: WrittenPart): boolean {
  const { args, defaults = {} } = reading
  if (positional.length > 0) return false
  const stated = Object.keys(keywords).map((key) => argumentNamed(key, reading) ?? key)
  const written = new Set(stated.map((name) => (typeof args[name] === 'string' ? args[name] : name)))
  const areWords = stated.every((name) => {
    const arg = args[name]
    if (arg === undefined) return true
    if (typeof arg !== 'string') return false
    const folded = foldSpelling(name)
    return folded === foldSpelling(arg) || meaningsOf(folded, foreignWords()).includes(arg)
  })
  return areWords && Object.keys(defaults).every((key) => written.has(key))
}

/** A key that is equal for options that mean the same: one number for all axes, and strides equal to the window by default. */
function canonical(part: string, options: Options): string {
  const plain = Object.entries(options).map(([key, value]) => {
    const isOne = Array.isArray(value) && value.every((item) => typeof item === 'number' && item === value[0])
    return [key, isOne ? (value as unknown[])[0] : value] as const
  })
  const { strides, ...others } = Object.fromEntries(plain)
  const isDefault = strides === undefined || ('poolSize' in others && strides === others['poolSize'])
  return JSON.stringify([part, isDefault ? others : { ...others, strides }])
}

export function helpOf([first, second]: readonly Translation[]): string {
  if (second !== undefined) return `Keras and PyTorch define it differently: choose one`
  if (first?.differs !== undefined) return `\`${first.part}\` is similar, but ${first.differs}`
  return `did you mean \`${first?.part}\`?`
}

/** Whether the last layer has an activation that returns probabilities. */
export function endsInProbabilities(spec: unknown): boolean {
  const layers = (spec as Readonly<Record<string, unknown>> | null)?.['layers']
  const last: unknown = Array.isArray(layers) ? layers.at(-1) : undefined
  return /softmax|sigmoid/i.test(JSON.stringify(last ?? ''))
}
