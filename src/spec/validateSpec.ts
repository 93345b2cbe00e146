/** JSON Schema validation to diagnostics: the validator finds the places, this file tells what is wrong there. */
import { toJsonPointer, type Diagnostic, type Fix, type Path, type TextEdit } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { guessWord, outOfRange, showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { renameKey, setValue } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'
import { validateSchema, type SchemaError } from './generated/validateSchema.js'
import { chooseBranches, type Finding } from './schemaErrors.ts'
import { composeSchema } from './schema.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'

/** Checks the document against the language. An empty list means that `readSpec` reads all of it. */
export function validateSpec(source: SourceDocument): Diagnostic[] {
  if (validateSchema(source.value)) return []
  const findings = chooseBranches(validateSchema.errors ?? [], source.value)
  const teller = new Teller(source)
  const told = new Map<string, Diagnostic>()
  // A missing key that stands there misspelt is one mistake, told at the misspelling.
  const isMissing = ({ error }: Finding) => error.keyword === 'required'
  for (const finding of [...findings.filter((one) => !isMissing(one)), ...findings.filter(isMissing)]) {
    const missing = toJsonPointer([...finding.path, String(finding.error.params['missingProperty'])])
    if (isMissing(finding) && teller.foundElsewhere.has(missing)) continue
    const diagnostic = teller.tell(finding)
    const place = `${diagnostic.span.start}:${diagnostic.span.end}`
    if (!told.has(place)) told.set(place, diagnostic)
  }
  return [...told.values()]
}

class Teller {
  private readonly source: SourceDocument
  private readonly schema = composeSchema() as SchemaNode
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
      case 'required':
        return this.missingKey(finding, String(error.params['missingProperty']))
      case 'enum':
        return this.unknownValue(finding, key, error.params['allowedValues'] as readonly string[])
      case 'type':
        return this.wrongType(finding, key)
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
        return this.report('schema/out-of-range', path, outOfRange(key, value, error.keyword, error.params['limit']))
      case 'pattern':
        return this.badName(path, key, value)
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

  private unknownKey({ path }: Finding, key: string): Diagnostic {
    const parent = schemaAt(this.schema, path)
    const isChoice = parent?.maxProperties === 1
    const present = Object.keys((this.valueAt(path) ?? {}) as object)
    const known = Object.keys(parent?.properties ?? {}).filter((word) => !present.includes(word))
    const isLayer = isChoice && path[0] === 'layers' && path.length === 2
    const guess = guessWord(key, known)
    const place = [...path, key]
    if (guess.word !== undefined) this.foundElsewhere.add(toJsonPointer([...path, guess.word]))
    const holder = path.findLast((step) => typeof step === 'string')
    const where = path.length === 0 ? 'a spec' : `\`${String(holder)}\``
    const message = isLayer
      ? `there is no layer type \`${key}\``
      : isChoice
        ? `\`${key}\` is not a choice for ${where}`
        : `${where} has no key \`${key}\``
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

  private missingKey({ path }: Finding, key: string): Diagnostic {
    const owner = path.length === 0 ? 'a spec' : `\`${String(path.at(-1))}\``
    const example = schemaAt(this.schema, path)?.properties?.[key]?.examples?.[0]
    const help = example === undefined ? `add \`${key}\`` : `add it, for example \`${key}: ${showInline(example)}\``
    return this.report('schema/missing-key', path, `${owner} needs \`${key}\``, { help, atKey: true })
  }

  private unknownValue({ path, value }: Finding, key: string, allowed: readonly string[]): Diagnostic {
    const isLayer = path[0] === 'layers' && path.length === 2
    const word = String(value)
    const guess = guessWord(word, allowed)
    const known = isLayer && this.layerNeedsOptions(word)
    if (known) {
      const help = 'write its options behind it: `- ' + word + ': { … }`'
      return this.report('schema/options-required', path, `\`${word}\` needs options`, { help })
    }
    const layerGuess = isLayer && guess.word === undefined ? guessWord(word, this.layerTypes()) : guess
    const edits = layerGuess.word === undefined ? undefined : setValue(this.source, path, layerGuess.word)
    const fixes = edits === undefined ? [] : [fix(`replace \`${word}\` by \`${layerGuess.word}\``, edits)]
    const message = isLayer ? `there is no layer type \`${word}\`` : `\`${key}\` cannot be ${showValue(value)}`
    return this.report(isLayer ? 'schema/unknown-layer' : 'schema/unknown-value', path, message, {
      help: layerGuess.help,
      fixes,
    })
  }

  private wrongType({ error, path, value, kinds }: Finding, key: string): Diagnostic {
    const wanted = kinds ?? [error.params['type']].flat().map(String)
    const fixes: Fix[] = []
    const asNumber = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    const plain = plainForm(value, wanted, asNumber)
    if (plain !== undefined) {
      const edits = setValue(this.source, path, plain)
      if (edits) fixes.push(fix(`write \`${String(plain)}\``, edits))
    }
    return this.report('schema/wrong-type', path, wrongType(key, value, wanted), { fixes })
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

  private oneType({ path, value }: Finding): Diagnostic {
    const keys = Object.keys((value ?? {}) as object)
    if (keys.length === 0) {
      return this.report('schema/one-type', path, 'this map is empty: it names one type', {
        help: 'for example `- flatten`',
      })
    }
    const first = keys[0]!
    const known = Object.hasOwn(schemaAt(this.schema, path)?.properties ?? {}, first)
    const isIndented = known && (value as Record<string, unknown>)[first] === null
    const message = isIndented
      ? `the options of \`${first}\` stand beside it, not under it`
      : `an item names one type, but this one has ${keys.length} keys: ${keys.map((key) => `\`${key}\``).join(', ')}`
    const help = isIndented
      ? `indent them two more spaces, or write \`${first}: { … }\` on one line`
      : 'begin each with a `- ` of its own'
    return this.report('schema/one-type', [...path, isIndented ? first : (keys[1] ?? first)], message, {
      help,
      atKey: true,
    })
  }

  private tellLength(error: SchemaError, key: string, value: unknown): string {
    const length = Array.isArray(value) ? value.length : 0
    const bound = error.keyword === 'minItems' ? 'at least' : 'at most'
    const limit = Number(error.params['limit'])
    return `\`${key}\` has ${length} ${length === 1 ? 'item' : 'items'}, but must have ${bound} ${limit}`
  }

  private layerTypes(): string[] {
    const definitions = this.schema.definitions ?? {}
    return Object.keys(definitions).flatMap((name) => (name.endsWith('Layer') ? [name.slice(0, -'Layer'.length)] : []))
  }

  private layerNeedsOptions(word: string): boolean {
    return this.layerTypes().includes(word)
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

/** The value that a wrongly typed one was meant to be: `"3"` for 3, `"yes"` for true, a lone word for a list of it. */
function plainForm(value: unknown, wanted: readonly string[], asNumber: number): unknown {
  if (wanted.includes('number') && Number.isFinite(asNumber)) return asNumber
  if (wanted.includes('integer') && Number.isInteger(asNumber)) return asNumber
  if (wanted.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|true)$/i.test(value)) return true
    if (/^(no|off|false)$/i.test(value)) return false
  }
  if (wanted.length === 1 && wanted[0] === 'array' && typeof value === 'string') return [value]
  return undefined
}

function fix(title: string, edits: readonly TextEdit[]): Fix {
  return { title, edits }
}

function showInline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
