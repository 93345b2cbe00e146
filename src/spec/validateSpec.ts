/** JSON Schema validation to diagnostics: the validator finds the places, this file tells what is wrong there. */
import { pathPattern } from '../datasets/fields.ts'
import { absentOptions, absentTrainingOptions } from '../diagnostics/absentOptions.ts'
import { toJsonPointer, type Diagnostic, type Fix, type Path, type TextEdit } from '../diagnostics/diagnostic.ts'
import { isDiagnosticCode, type DiagnosticCode } from '../diagnostics/codes.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { guessWord, outOfRange, showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { nestUnderFirst, renameKey, setValue, yamlText } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'
import { byteSizePattern, meantByteSize } from '../layers/byteSize.ts'
import { validateSchema, type SchemaError } from './generated/validateSchema.js'
import { chooseBranches, type Finding } from './schemaErrors.ts'
import { composeSchema } from './schema.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'

export interface Validation {
  readonly diagnostics: readonly Diagnostic[]
  /**
   * Every place with a mistake that leaves open what is meant by what holds it. An alias brings one mistake, and one
   * diagnostic, to several places.
   */
  readonly broken: readonly Path[]
}

/** Checks the document against the language. */
export function validateSpec(source: SourceDocument): Validation {
  if (validateSchema(source.value)) return { diagnostics: [], broken: [] }
  const findings = withoutExtraKeys(chooseBranches(validateSchema.errors ?? [], source.value))
  const teller = new Teller(source)
  const told = new Map<string, Diagnostic>()
  const broken: Path[] = []
  // A missing key that stands there misspelt is one mistake, told at the misspelling.
  const tell = (diagnostic: Diagnostic): void => {
    const place = `${diagnostic.span.start}:${diagnostic.span.end}`
    if (!told.has(place)) told.set(place, diagnostic)
  }
  for (const finding of findings.filter((one) => !isMissing(one))) {
    const diagnostic = teller.tell(finding)
    tell(diagnostic)
    if (!teller.isStray(finding)) broken.push(diagnostic.path)
  }
  for (const { path, keys } of missingKeys(findings)) {
    broken.push(path)
    const needed = keys.filter((key) => !teller.foundElsewhere.has(toJsonPointer([...path, key])))
    if (needed.length > 0) tell(teller.tellMissing(path, needed))
  }
  return { diagnostics: [...told.values()], broken }
}

function isMissing({ error }: Finding): boolean {
  return error.keyword === 'required'
}

/** The keys that each map lacks. */
function missingKeys(findings: readonly Finding[]): { path: Path; keys: string[] }[] {
  const lacking = new Map<string, { path: Path; keys: string[] }>()
  for (const { error, path } of findings.filter(isMissing)) {
    const entry = lacking.get(error.instancePath) ?? { path, keys: [] }
    entry.keys.push(String(error.params['missingProperty']))
    lacking.set(error.instancePath, entry)
  }
  return [...lacking.values()]
}

/** An item with several keys is one mistake; that all but one are unknown merely follows. */
function withoutExtraKeys(findings: readonly Finding[]): Finding[] {
  const crowded = new Set(
    findings.flatMap(({ error }) => (error.keyword === 'maxProperties' ? [error.instancePath] : [])),
  )
  return findings.filter(({ error }) => error.keyword !== 'additionalProperties' || !crowded.has(error.instancePath))
}

const sectionsOfOptions: ReadonlySet<string | number> = new Set(['optimizer', 'training', 'normalize', 'budget'])

/** Composed when the first mistake needs it, and once: a check of many fixes asks for it often. */
const composedSchema = (() => {
  let schema: SchemaNode | undefined
  return () => (schema ??= composeSchema() as SchemaNode)
})()

class Teller {
  private readonly source: SourceDocument
  private readonly schema = composedSchema()
  /** Keys that were found under another word: `/layers/0/conv2d/kernelSize`, written `kernel_size`. */
  readonly foundElsewhere = new Set<string>()

  constructor(source: SourceDocument) {
    this.source = source
  }

  tell(finding: Finding): Diagnostic {
    const { error, path, value } = finding
    const key = String(path.findLast((step) => typeof step === 'string') ?? 'spec')
    switch (error.keyword) {
      case 'additionalProperties':
        return this.unknownKey(finding, String(error.params['additionalProperty']))
      case 'enum':
        return this.unknownValue(finding, key, error.params['allowedValues'] as readonly unknown[])
      case 'type':
        return this.wrongType(finding, key)
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
        return this.report('schema/out-of-range', path, outOfRange(key, value, error.keyword, error.params['limit']))
      case 'pattern':
        return this.misfit(error.params['pattern'], path, key, String(value))
      case 'minItems':
      case 'maxItems':
        return this.report('schema/wrong-length', path, this.tellLength(error, key, value))
      case 'minProperties':
      case 'maxProperties':
        return this.oneType(finding)
      default:
        return this.report('schema/wrong-type', path, `\`${key}\` cannot be ${showValue(value)}`)
    }
  }

  /**
   * Whether a key is one too many among options that mean what they mean without it. Of a layer, they may not: what the
   * key was to do may change its shape.
   */
  isStray({ error, path }: Finding): boolean {
    if (error.keyword !== 'additionalProperties' || !sectionsOfOptions.has(path[0] ?? '')) return false
    return schemaAt(this.schema, path)?.maxProperties !== 1
  }

  private unknownKey({ path }: Finding, key: string): Diagnostic {
    const parent = schemaAt(this.schema, path)
    const isChoice = parent?.maxProperties === 1
    const present = (this.valueAt(path) ?? {}) as object
    const known = Object.keys(parent?.properties ?? {}).filter((word) => !Object.hasOwn(present, word))
    const isLayer = isChoice && isLayerPlace(path)
    const guess = guessWord(key, known, isChoice ? {} : absentAt(path))
    const place = [...path, key]
    if (guess.word !== undefined) this.foundElsewhere.add(toJsonPointer([...path, guess.word]))
    const holder = path.findLast((step) => typeof step === 'string')
    const where = path.length === 0 ? 'a spec' : `\`${String(holder)}\``
    const message = isLayer
      ? `there is no layer type \`${key}\``
      : isChoice
        ? `\`${key}\` is not a choice for ${where}`
        : `${where} has no key \`${key}\``
    const glued = gluedEntry(key, known)
    if (glued !== undefined) {
      this.foundElsewhere.add(toJsonPointer([...path, glued.key]))
      const span = this.source.locateKey(place)
      return this.report('schema/unknown-key', place, `a space is missing behind the colon of \`${glued.key}\``, {
        atKey: true,
        fixes: [fix(`write \`${glued.text}\``, [{ span, newText: glued.text }])],
      })
    }
    const code = isLayer ? 'schema/unknown-layer' : isChoice ? 'schema/unknown-value' : 'schema/unknown-key'
    return this.report(code, place, message, {
      help: guess.help,
      atKey: true,
      fixes: this.renamings(place, key, guess.word),
    })
  }

  /** Renames a foreign word; where only its value is foreign too, that is for the next round. */
  private renamings(place: Path, key: string, word: string | undefined): Fix[] {
    const edits = word === undefined ? undefined : renameKey(this.source, place, word)
    if (edits !== undefined) return [fix(`replace \`${key}\` by \`${word}\``, edits)]
    return []
  }

  tellMissing(path: Path, keys: readonly string[]): Diagnostic {
    const owner = path.length === 0 ? 'a spec' : `\`${String(path.at(-1))}\``
    const properties = schemaAt(this.schema, path)?.properties ?? {}
    const examples = keys.map((key) => `${key}: ${yamlText(properties[key]?.examples?.[0] ?? '…')}`)
    const help = `add ${keys.length === 1 ? 'it' : 'them'}, for example \`${examples.join(', ')}\``
    return this.report('schema/missing-key', path, `${owner} needs ${listWords(keys, 'and')}`, { help, atKey: true })
  }

  private unknownValue({ path, value }: Finding, key: string, allowed: readonly unknown[]): Diagnostic {
    const isLayer = isLayerPlace(path)
    const word = typeof value === 'string' ? value : showValue(value)
    const types = Object.keys(schemaAt(this.schema, path)?.properties ?? {})
    if (types.includes(word)) {
      const help = `write its options behind it: \`${word}: { … }\``
      return this.report('schema/options-required', path, `\`${word}\` needs options`, { help })
    }
    if (path[0] === 'ignore' && isDiagnosticCode(word)) {
      const help = 'warnings and hints can be ignored: mend this one instead'
      return this.report('schema/unknown-value', path, `\`${word}\` cannot be ignored: it is an error`, { help })
    }
    // No number is a slip of the pen for another.
    const guess =
      typeof value === 'number'
        ? { word: undefined, help: `known here: ${listWords(allowed.map(String), 'or')}` }
        : guessWord(word, types.length > 0 ? types : allowed.map(String))
    const edits = guess.word === undefined ? undefined : setValue(this.source, path, guess.word)
    const fixes = edits === undefined ? [] : [fix(`replace \`${word}\` by \`${guess.word}\``, edits)]
    const message = isLayer ? `there is no layer type \`${word}\`` : `\`${key}\` cannot be ${showValue(value)}`
    return this.report(isLayer ? 'schema/unknown-layer' : 'schema/unknown-value', path, message, {
      help: guess.help,
      fixes,
    })
  }

  private wrongType({ error, path, value, kinds }: Finding, key: string): Diagnostic {
    const wanted = kinds ?? [error.params['type']].flat().map(String)
    const fixes: Fix[] = []
    const asNumber =
      typeof value === 'string' && value.trim() !== ''
        ? Number(value.replaceAll(/(?<=\d)[_,](?=\d{3})/g, ''))
        : Number.NaN
    const plain = plainForm(value, wanted, asNumber) ?? this.onlyOption(path, value, wanted)
    if (plain !== undefined) {
      const edits = setValue(this.source, path, plain)
      if (edits) fixes.push(fix(`write \`${yamlText(plain)}\``, edits))
    }
    return this.report('schema/wrong-type', path, wrongType(key, value, wanted), { fixes })
  }

  /** `dropout: 0.5` for `dropout: { rate: 0.5 }`: a part that needs one option, or has but one, and is given its value. */
  private onlyOption(path: Path, value: unknown, wanted: readonly string[]): unknown {
    const { properties = {}, required = [], maxProperties } = schemaAt(this.schema, path) ?? {}
    if (!wanted.includes('object') || maxProperties === 1 || value === null) return undefined
    const keys = required.length > 0 ? required : Object.keys(properties)
    return keys.length === 1 ? { [keys[0]!]: value } : undefined
  }

  private badName(path: Path, key: string, value: unknown): Diagnostic {
    const better = String(value)
      .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[^A-Za-z]+/, '')
      .replace(/-+$/, '')
    const edits = better === '' ? undefined : setValue(this.source, path, better)
    const fixes = edits ? [fix(`write \`${better}\``, edits)] : []
    const message = `\`${key}\` is ${showValue(value)}, but a name is a letter, then letters, digits, _ and -`
    return this.report('schema/bad-name', path, message, {
      help: 'runs, scripts and variables are called by it',
      fixes,
    })
  }

  private badByteSize(path: Path, key: string, value: string): Diagnostic {
    const meant = meantByteSize(value)
    const edits = meant === undefined ? [] : [{ span: this.source.locateValue(path), newText: meant }]
    return this.report('schema/unknown-value', path, `\`${key}\` is ${showValue(value)}, which is no size in bytes`, {
      help: 'write a number and its unit, such as `64MB` or `1.5GiB`, or bytes as a number',
      fixes: edits.length > 0 ? [fix(`write \`${meant}\``, edits)] : [],
    })
  }

  private misfit(pattern: unknown, path: Path, key: string, value: string): Diagnostic {
    if (pattern === byteSizePattern) return this.badByteSize(path, key, value)
    return pattern === pathPattern ? this.badPath(path, key, value) : this.badName(path, key, value)
  }

  private badPath(path: Path, key: string, value: string): Diagnostic {
    const what = value === '' ? 'is empty' : `is ${JSON.stringify(value)}, which holds a control character`
    return this.report('schema/unknown-value', path, `\`${key}\` ${what}`, {
      help: 'write the path of a file or a folder, such as `data/iris.csv`',
    })
  }

  private oneType({ path, value }: Finding): Diagnostic {
    const keys = Object.keys((value ?? {}) as object)
    if (keys.length === 0) {
      return this.report('schema/one-type', path, 'this map is empty: it names one type', {
        help: 'for example `- flatten`',
      })
    }
    const types = schemaAt(this.schema, path)?.properties ?? {}
    const [first = '', ...rest] = keys
    const options = Object.keys(schemaAt(this.schema, [...path, first])?.properties ?? {})
    const areOptions = Object.hasOwn(types, first) && rest.every((key) => options.includes(key))
    if (areOptions) {
      const edits = nestUnderFirst(this.source, path)
      const isEmpty = (value as Record<string, unknown>)[first] === null
      return this.report(
        'schema/one-type',
        [...path, isEmpty ? first : rest[0]!],
        `${listWords(rest, 'and')} ${rest.length === 1 ? 'stands' : 'stand'} beside \`${first}\`, not under it`,
        {
          help: `options stand two spaces further in than their type, or in \`${first}: { … }\` on one line`,
          atKey: true,
          fixes: edits ? [fix(`move ${rest.length === 1 ? 'it' : 'them'} under \`${first}\``, edits)] : [],
        },
      )
    }
    const message = `an item names one type, but this one has ${keys.length} keys: ${listWords(keys, 'and')}`
    const stranger = keys.find((key) => !Object.hasOwn(types, key)) ?? rest[0]!
    return this.report('schema/one-type', [...path, stranger], message, {
      help: 'an item is a type with its options under it, such as `- dense: { units: 10 }`; several types are several items',
      atKey: true,
    })
  }

  private tellLength(error: SchemaError, key: string, value: unknown): string {
    const length = Array.isArray(value) ? value.length : 0
    const bound = error.keyword === 'minItems' ? 'at least' : 'at most'
    const limit = Number(error.params['limit'])
    return `\`${key}\` has ${length} ${length === 1 ? 'item' : 'items'}, but must have ${bound} ${limit}`
  }

  private valueAt(path: Path): unknown {
    return path.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
      this.source.value,
    )
  }

  private report(
    code: DiagnosticCode,
    path: Path,
    message: string,
    rest: { help?: string; atKey?: boolean; fixes?: readonly Fix[] } = {},
  ): Diagnostic {
    const span = rest.atKey ? this.source.locateKey(path) : this.source.locateValue(path)
    const help = rest.help === undefined ? {} : { help: rest.help }
    return { code, severity: 'error', message, path, span, related: [], fixes: rest.fixes ?? [], ...help }
  }
}

/** `units:10`, which YAML takes for one word. */
function gluedEntry(key: string, known: readonly string[]): { key: string; text: string } | undefined {
  const [, word = '', value = ''] = /^([A-Za-z]\w*):(\S.*)$/.exec(key) ?? []
  return known.includes(word) ? { key: word, text: `${word}: ${value}` } : undefined
}

/** The value that a wrongly typed one was meant to be: 3 for `"3"`, true for `"yes"`, [3, 3] for `3x3`, [a] for a. */
function plainForm(value: unknown, wanted: readonly string[], asNumber: number): unknown {
  if (wanted.includes('number') && Number.isFinite(asNumber)) return asNumber
  if (wanted.includes('integer') && Number.isInteger(asNumber)) return asNumber
  if (wanted.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|true)$/i.test(value)) return true
    if (/^(no|off|false)$/i.test(value)) return false
  }
  if (wanted.includes('boolean') && (value === 0 || value === 1)) return value === 1
  const sizes = typeof value === 'string' ? sizesIn(value) : undefined
  if (wanted.includes('array') && sizes !== undefined) return sizes
  const isListOrMap = wanted.every((kind) => kind === 'array' || kind === 'object')
  if (wanted.includes('array') && isListOrMap && isScalarValue(value)) return [value]
  if (!wanted.includes('array') && Array.isArray(value) && value.length === 1 && isScalarValue(value[0]))
    return value[0]
  return undefined
}

/** The numbers of `3x3`, `(3, 3)` or `28 × 28 × 1`. */
function sizesIn(text: string): number[] | undefined {
  const inner = text.trim().replace(/^[([](.*?),?[)\]]$/, '$1')
  const parts = inner.split(/[x×,]/).map((part) => part.trim())
  return parts.length > 1 && parts.every((part) => /^\d{1,9}$/.test(part)) ? parts.map(Number) : undefined
}

function isScalarValue(value: unknown): boolean {
  return value !== null && typeof value !== 'object'
}

/** An item of `layers`, or the layer that a layer holds. */
function isLayerPlace(path: Path): boolean {
  return path[0] === 'layers' && (path.length === 2 || path.at(-1) === 'layer')
}

function fix(title: string, edits: readonly TextEdit[]): Fix {
  return { title, edits }
}

/** What is said of options that others have there. */
function absentAt([section]: Path): Readonly<Record<string, string>> {
  if (section === 'layers') return absentOptions
  return section === 'optimizer' || section === 'loss' || section === 'training' ? absentTrainingOptions : {}
}
