/** JSON Schema validation to diagnostics: the validator finds the places, this file tells what is wrong there. */
import { absentOptions, absentParts, absentTrainingOptions } from '../diagnostics/absentOptions.ts'
import {
  toJsonPointer,
  type Diagnostic,
  type Fix,
  type FixKind,
  type Path,
  type TextEdit,
} from '../diagnostics/diagnostic.ts'
import { isDiagnosticCode, type DiagnosticCode } from '../diagnostics/codes.ts'
import { foldSpelling, listWords, meaningsOf } from '../diagnostics/didYouMean.ts'
import { foreignWords } from './foreignWords.ts'
import { guessWord, type Guess } from './guessWord.ts'
import { outOfRange, showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { nestUnderFirst, renameKey, setValue, yamlText } from '../source/edits.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import { once } from '../system/once.ts'
import { validateSchema } from './generated/validateSchema.js'
import { chooseBranches, isMissing, missingKeys, withoutExtraKeys, type Finding } from './schemaErrors.ts'
import { composeSchema } from './schema.ts'
import { describeLength, reportMisfit } from './misfits.ts'
import { fixesOfMove, homeOf, ownersOf } from './misplacedKeys.ts'
import { paddingFixes } from './numericPadding.ts'
import { fixesOfKey, fixesOfWord } from './partFixes.ts'
import { gluedEntry, plainForm } from './plainForms.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'
import { endsInProbabilities, helpOf, needsMoreThanName, translatePart, type Translation } from './translatePart.ts'
import { fixesOfTypedItem, typeKeyOf } from './typedItems.ts'

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

const sectionsOfOptions: ReadonlySet<string | number> = new Set(['optimizer', 'training', 'normalize', 'budget'])

/** Composed when the first mistake needs it, and once: a check of many fixes asks for it often. */
const composedSchema = once(() => composeSchema() as SchemaNode)

class Teller {
  private readonly source: SourceDocument
  private readonly schema = composedSchema()
  /** Keys that were found under another word: `/layers/0/conv2d/kernelSize`, written `kernel_size`. */
  readonly foundElsewhere = new Set<string>()

  private readonly madeSections = new Set<string>()

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
        return reportMisfit(this.source, error.params['pattern'], path, String(value))
      case 'minItems':
      case 'maxItems':
        return this.report('schema/wrong-length', path, describeLength(error, key, value))
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
    if (parent?.maxProperties === 1) return this.unknownPart(path, key, parent)
    const present = (this.valueAt(path) ?? {}) as object
    const known = Object.keys(parent?.properties ?? {}).filter((word) => !Object.hasOwn(present, word))
    const absent = absentAt(path)
    const guess = guessWord(key, known, absent)
    const place = [...path, key]
    const holder = path.findLast((step) => typeof step === 'string')
    const where = path.length === 0 ? 'a spec' : `\`${String(holder)}\``
    const glued = gluedEntry(key, known)
    if (glued !== undefined) {
      this.foundElsewhere.add(toJsonPointer([...path, glued.key]))
      const span = this.source.locateKey(place)
      return this.report('schema/unknown-key', place, `a space is missing after the colon of \`${glued.key}\``, {
        atKey: true,
        fixes: [fix(`write \`${glued.text}\``, [{ span, newText: glued.text }])],
      })
    }
    const message = `${where} has no key \`${key}\``
    const isAbsent = Object.hasOwn(absent, foldSpelling(key))
    const isForeign = guess.word !== undefined && meaningsOf(foldSpelling(key), foreignWords()).includes(guess.word)
    if (guess.kind !== 'rewrite' && !isForeign) {
      const others = this.otherParts(path)
      if (others.length > 0) {
        const [{ part, kind }] = others as [Translation]
        return this.report('schema/unknown-key', place, message, {
          help: `the ${String(path[0])} \`${part}\` has it`,
          atKey: true,
          fixes: [
            fix(`replace \`${String(holder)}\` with \`${part}\``, renameKey(this.source, path, part) ?? [], kind),
          ],
        })
      }
      const owners = isAbsent || guess.word !== undefined ? [] : ownersOf(place, this.schema)
      if (owners.length > 0) {
        const help = `the ${String(path[0])} ${listWords(owners, 'and')} ${owners.length === 1 ? 'has' : 'have'} it`
        const edits = owners.length === 1 ? renameKey(this.source, path, owners[0]!) : undefined
        const fixes = edits ? [fix(`replace \`${String(holder)}\` with \`${owners[0]}\``, edits, 'suggestion')] : []
        return this.report('schema/unknown-key', place, message, { help, atKey: true, fixes })
      }
      const home = isAbsent ? undefined : homeOf(place, this.source, this.schema)
      if (home !== undefined) {
        const fixes = fixesOfMove(place, home, this.source, this.madeSections)
        return this.report('schema/unknown-key', place, message, { help: home.help, atKey: true, fixes })
      }
    }
    if (guess.word !== undefined) this.foundElsewhere.add(toJsonPointer([...path, guess.word]))
    return this.report('schema/unknown-key', place, message, {
      help: guess.help,
      atKey: true,
      fixes: this.renamings(place, key, guess),
    })
  }

  /** A key that names no part of a choice: a foreign word for one, or a key beside which the part is named. */
  private unknownPart(path: Path, key: string, choice: SchemaNode): Diagnostic {
    const typeKey = typeKeyOf(path, this.valueAt(path), choice)
    if (typeKey !== undefined) return this.typedItem(path, typeKey)
    const place = [...path, key]
    const isLayer = isLayerPlace(path)
    const holder = path.findLast((step) => typeof step === 'string')
    const message = isLayer ? `there is no layer type \`${key}\`` : `\`${key}\` is not a known \`${String(holder)}\``
    const code = isLayer ? 'schema/unknown-layer' : 'schema/unknown-value'
    const translations = this.translate(key, this.valueAt(place) ?? null, choice)
    const fixes = fixesOfKey(this.source, place, translations)
    if (fixes.length > 0) {
      return this.report(code, place, message, { help: helpOf(translations), atKey: true, fixes })
    }
    const guess = guessWord(key, Object.keys(choice.properties ?? {}), absentParts)
    const isLess = needsMoreThanName(key, this.valueAt(place), { root: this.schema, choice })
    return this.report(code, place, message, {
      help: guess.help,
      atKey: true,
      fixes: this.renamings(place, key, isLess ? { ...guess, kind: 'suggestion' } : guess),
    })
  }

  /** What a foreign part is here, without losses of logits where the network ends in probabilities. */
  private translate(word: string, value: unknown, choice: SchemaNode): readonly Translation[] {
    const found = translatePart(word, value, { root: this.schema, choice })
    const takesLogits = found.some(({ options }) => options['fromLogits'] === true)
    return takesLogits && endsInProbabilities(this.source.value) ? [] : found
  }

  /** The parts that have the unknown options of the one at `path`: for `sgd` with a momentum, `momentum`. */
  private otherParts(path: Path): readonly Translation[] {
    const choice = schemaAt(this.schema, path.slice(0, -1))
    const part = path.at(-1)
    if (choice?.maxProperties !== 1 || typeof part !== 'string') return []
    const found = this.translate(part, this.valueAt(path), choice)
    return found.filter((one) => one.part !== part && one.isRenaming)
  }

  private typedItem(path: Path, typeKey: string): Diagnostic {
    const item = this.valueAt(path) as Readonly<Record<string, unknown>>
    const message = `\`${typeKey}\` gives the type of this item, but the type must be the key of its options`
    return this.report('schema/one-type', [...path, typeKey], message, {
      help: `write \`${String(item[typeKey])}: { … }\``,
      atKey: true,
      fixes: fixesOfTypedItem(this.source, path, item, typeKey),
    })
  }

  /** Renames a foreign word; where only its value is foreign too, that is for the next round. */
  private renamings(place: Path, key: string, { word, kind }: Guess): Fix[] {
    const edits = word === undefined ? undefined : renameKey(this.source, place, word)
    if (edits !== undefined) return [fix(`replace \`${key}\` with \`${word}\``, edits, kind)]
    return []
  }

  tellMissing(path: Path, keys: readonly string[]): Diagnostic {
    const owner = path.length === 0 ? 'a spec' : `\`${String(path.at(-1))}\``
    const properties = schemaAt(this.schema, path)?.properties ?? {}
    const examples = keys.map((key) => `${key}: ${yamlText(properties[key]?.examples?.[0] ?? '…')}`)
    const help = `add ${keys.length === 1 ? 'it' : 'them'}, for example \`${examples.join(', ')}\``
    return this.report('schema/missing-key', path, `${owner} requires ${listWords(keys, 'and')}`, { help, atKey: true })
  }

  private unknownValue({ path, value }: Finding, key: string, allowed: readonly unknown[]): Diagnostic {
    const isLayer = isLayerPlace(path)
    const word = typeof value === 'string' ? value : showValue(value)
    const types = Object.keys(schemaAt(this.schema, path)?.properties ?? {})
    if (types.includes(word)) {
      const help = `add its options: \`${word}: { … }\``
      return this.report('schema/options-required', path, `\`${word}\` requires options`, { help })
    }
    if (path[0] === 'ignore' && isDiagnosticCode(word)) {
      const help = 'only warnings and hints can be ignored; fix this error instead'
      return this.report('schema/unknown-value', path, `\`${word}\` cannot be ignored: it is an error`, { help })
    }
    if (types.length > 0 && typeof value === 'string') {
      const translations = this.translate(word, undefined, schemaAt(this.schema, path)!)
      const fixes = fixesOfWord(this.source, path, translations)
      if (fixes.length > 0) {
        const message = isLayer ? `there is no layer type \`${word}\`` : `\`${key}\` cannot be ${showValue(value)}`
        const code = isLayer ? 'schema/unknown-layer' : 'schema/unknown-value'
        return this.report(code, path, message, { help: helpOf(translations), fixes })
      }
    }
    // No number is a slip of the pen for another.
    const guess =
      typeof value === 'number'
        ? { word: undefined, kind: 'suggestion' as const, help: `expected ${listWords(allowed.map(String), 'or')}` }
        : guessWord(word, types.length > 0 ? types : allowed.map(String), absentParts)
    const edits = guess.word === undefined ? undefined : setValue(this.source, path, guess.word)
    const fixes = edits === undefined ? [] : [fix(`replace \`${word}\` with \`${guess.word}\``, edits, guess.kind)]
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
    const plain = plainForm(value, wanted, asNumber)
    const only = plain === undefined ? this.onlyOption(path, value, wanted) : undefined
    const choice = schemaAt(this.schema, path.slice(0, -1))
    const isPart = choice?.maxProperties === 1 && typeof path.at(-1) === 'string' && value !== null
    const padding = path.at(-1) === 'padding' ? paddingFixes(this.source, path, value) : []
    if (padding.length > 0) fixes.push(...padding)
    // A list of arguments has an order in other libraries only, and so under their names.
    else if (isPart && !Array.isArray(value))
      fixes.push(...fixesOfKey(this.source, path, this.translate(key, value, choice)))
    if (fixes.length === 0 && (plain ?? only) !== undefined) {
      const edits = setValue(this.source, path, plain ?? only)
      const kind = plain === undefined ? 'suggestion' : 'rewrite'
      if (edits) fixes.push(fix(`write \`${yamlText(plain ?? only)}\``, edits, kind))
    }
    const index = path.at(-1)
    const what = typeof index === 'number' ? `item ${index + 1} of \`${key}\`` : `\`${key}\``
    return this.report('schema/wrong-type', path, wrongType(what, value, wanted), { fixes })
  }

  /** `dropout: 0.5` for `dropout: { rate: 0.5 }`: a part that needs one option, or has but one, and is given its value. */
  private onlyOption(path: Path, value: unknown, wanted: readonly string[]): unknown {
    const { properties = {}, required = [], maxProperties } = schemaAt(this.schema, path) ?? {}
    if (!wanted.includes('object') || maxProperties === 1 || value === null) return undefined
    const keys = required.length > 0 ? required : Object.keys(properties)
    return keys.length === 1 ? { [keys[0]!]: value } : undefined
  }

  private oneType({ path, value }: Finding): Diagnostic {
    const keys = Object.keys((value ?? {}) as object)
    if (keys.length === 0) {
      return this.report('schema/one-type', path, 'this map is empty, but an item needs a type', {
        help: 'for example, `- flatten`',
      })
    }
    const choice = schemaAt(this.schema, path)
    const types = choice?.properties ?? {}
    const typeKey = choice && typeKeyOf(path, value, choice)
    if (typeKey !== undefined) return this.typedItem(path, typeKey)
    const [first = '', ...rest] = keys
    const meant = sameWord(first, Object.keys(types))
    const options = Object.keys((meant && schemaAt(this.schema, [...path, meant])?.properties) ?? {})
    const areOptions = meant !== undefined && rest.every((key) => sameWord(key, options) !== undefined)
    if (areOptions) {
      const edits = nestUnderFirst(this.source, path)
      const isEmpty = (value as Record<string, unknown>)[first] === null
      return this.report(
        'schema/one-type',
        [...path, isEmpty ? first : rest[0]!],
        `${listWords(rest, 'and')} ${rest.length === 1 ? 'is' : 'are'} next to \`${first}\`, not under it`,
        {
          help: `indent options two spaces more than their type, or write \`${first}: { … }\` on one line`,
          atKey: true,
          fixes: edits ? [fix(`move ${rest.length === 1 ? 'it' : 'them'} under \`${first}\``, edits)] : [],
        },
      )
    }
    const message = `an item has one type, but this one has ${keys.length} keys: ${listWords(keys, 'and')}`
    const stranger = keys.find((key) => !Object.hasOwn(types, key)) ?? rest[0]!
    return this.report('schema/one-type', [...path, stranger], message, {
      help: 'write each item as a type with its options under it, such as `- dense: { units: 10 }`',
      atKey: true,
    })
  }

  private valueAt(path: Path): unknown {
    return path.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
      this.source.value,
    )
  }

  private report(code: DiagnosticCode, path: Path, message: string, options?: ReportOptions): Diagnostic {
    return reportAt(this.source, code, path, message, options)
  }
}

/** An item of `layers`, or the layer that a layer holds. */
function isLayerPlace(path: Path): boolean {
  return path[0] === 'layers' && (path.length === 2 || path.at(-1) === 'layer')
}

/** The word that is the same but for its spelling, or a foreign word for it. */
function sameWord(word: string, known: readonly string[]): string | undefined {
  if (known.includes(word)) return word
  const guess = guessWord(word, known)
  return guess.kind === 'rewrite' ? guess.word : undefined
}

function fix(title: string, edits: readonly TextEdit[], kind: FixKind = 'rewrite'): Fix {
  return { kind, title, edits }
}

/** What is said of options that others have there. */
function absentAt([section]: Path): Readonly<Record<string, string>> {
  if (section === 'layers') return absentOptions
  return section === 'optimizer' || section === 'loss' || section === 'training' ? absentTrainingOptions : {}
}
