/** Reports values that are not allowed, or have the wrong type. */
import { absentParts } from '../diagnostics/absentOptions.ts'
import { isDiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Fix, Path } from '../diagnostics/diagnostic.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { outOfRange, showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { fixWritten, removeEntry, setValue, yamlText } from '../source/edits.ts'
import { fixesOfItems } from '../source/listOfItems.ts'
import { readPythonCall } from './pythonCall.ts'
import { helpOnLayer } from './reportParts.ts'
import { suggestWord, type Guess } from './suggestWord.ts'
import { paddingFixes } from './numericPadding.ts'
import { fixesOfKey, fixesOfWord } from './partFixes.ts'
import { asExpression, fractionOf, plainForm } from './plainForms.ts'
import type { Finding } from './schemaErrors.ts'
import { schemaAt } from './schemaNode.ts'
import { fix, isLayerPlace, type SpecCheck } from './specCheck.ts'
import { helpOf } from './translatePart.ts'

export function reportUnknownValue(
  check: SpecCheck,
  { path, value }: Finding,
  key: string,
  allowed: readonly unknown[],
): Diagnostic {
  const isLayer = isLayerPlace(path)
  const word = typeof value === 'string' ? value : showValue(value)
  const types = Object.keys(schemaAt(check.schema, path)?.properties ?? {})
  if (types.includes(word)) {
    return reportBarePart(check, path, word)
  }
  if (path[0] === 'ignore' && isDiagnosticCode(word)) {
    const help = 'only warnings and hints can be ignored; fix this error instead'
    return check.report('schema/unknown-value', path, `\`${word}\` cannot be ignored: it is an error`, { help })
  }
  if (types.length > 0 && typeof value === 'string') {
    const translations = check.translate(word, undefined, schemaAt(check.schema, path)!)
    const fixes = fixWritten(check.source, path, (document, at) => fixesOfWord(document, at, translations))
    if (fixes.length > 0) {
      const message = isLayer ? `there is no layer type \`${word}\`` : `\`${key}\` cannot be ${showValue(value)}`
      const code = isLayer ? 'schema/unknown-layer' : 'schema/unknown-value'
      return check.report(code, path, message, { help: helpOf(translations), fixes })
    }
  }
  // In single quotes, `\t` is not a tab.
  const unescaped = typeof value === 'string' ? value.replaceAll('\\t', '\t') : value
  const escaping =
    unescaped !== value && allowed.includes(unescaped) ? setValue(check.source, path, unescaped) : undefined
  if (escaping !== undefined) {
    return check.report('schema/unknown-value', path, `\`${key}\` cannot be ${showValue(value)}`, {
      help: 'in single quotes, a backslash is a character like any other',
      fixes: [fix(`write \`${yamlText(unescaped)}\``, escaping)],
    })
  }
  const forgotten = isLayer ? {} : check.forgottenReference(path, value)
  if (forgotten.fixes !== undefined) {
    return check.report('schema/unknown-value', path, `\`${key}\` cannot be ${showValue(value)}`, forgotten)
  }
  // Never guess a number from another number.
  const guess =
    typeof value === 'number'
      ? { word: undefined, kind: 'suggestion' as const, help: `expected ${listWords(allowed.map(String), 'or')}` }
      : types.length > 0
        ? suggestWord(word, types, absentParts)
        : suggestFunction(word, allowed.map(String))
  const edits = guess.word === undefined ? undefined : setValue(check.source, path, guess.word)
  const fixes = edits === undefined ? [] : [fix(`replace \`${word}\` with \`${guess.word}\``, edits, guess.kind)]
  const message = isLayer ? `there is no layer type \`${word}\`` : `\`${key}\` cannot be ${showValue(value)}`
  const help = (isLayer && guess.word === undefined ? helpOnLayer(check, path, word) : undefined) ?? guess.help
  return check.report(isLayer ? 'schema/unknown-layer' : 'schema/unknown-value', path, message, { help, fixes })
}

/** Guesses a word that may be written as a call, such as `nn.Softmax(dim=-1)`. */
function suggestFunction(text: string, allowed: readonly string[]): Guess {
  const call = readPythonCall(text)
  const guess = suggestWord(call?.name ?? text, allowed, absentParts)
  const hasArguments = call !== undefined && call.positional.length + Object.keys(call.keywords).length > 0
  return hasArguments ? { ...guess, kind: 'suggestion' } : guess
}

/** Reports a part without the options that it requires. */
function reportBarePart(check: SpecCheck, path: Path, part: string): Diagnostic {
  const { required = [] } = schemaAt(check.schema, [...path, part]) ?? {}
  const options = required.length === 0 ? '…' : required.map((option) => `${option}: …`).join(', ')
  const item = typeof path.at(-1) === 'number' ? `${part}: { ${options} }` : `{ ${part}: { ${options} } }`
  const help = `add ${required.length === 1 ? 'its option' : 'its options'}: \`${item}\``
  return check.report('schema/options-required', path, `\`${part}\` requires options`, { help })
}

/** Reports a word where only parts with options are allowed, such as the name of a cell. */
function reportWordForPart(check: SpecCheck, path: Path, word: string): Diagnostic | undefined {
  const choice = schemaAt(check.schema, path)
  if (choice?.maxProperties !== 1 || choice.properties === undefined) return undefined
  const translations = check.translate(word, undefined, choice)
  const fixes = fixWritten(check.source, path, (document, at) => fixesOfWord(document, at, translations))
  if (fixes.length > 0) {
    const message = `\`${word}\` must be a map`
    return check.report('schema/wrong-type', path, message, { help: helpOf(translations), fixes })
  }
  const { word: part } = suggestWord(word, Object.keys(choice.properties))
  return part === undefined ? undefined : reportBarePart(check, path, part)
}

export function reportWrongType(check: SpecCheck, { error, path, value, kinds }: Finding, key: string): Diagnostic {
  const part = typeof value === 'string' ? reportWordForPart(check, path, value) : undefined
  if (part !== undefined) return part
  const wanted = kinds ?? [error.params['type']].flat().map(String)
  const fixes: Fix[] = [
    ...fixesOfNull(check, path, value, wanted),
    ...fixesOfMap(check, path, value, wanted),
    ...fixesOfOutputs(check, path, value),
    ...fixesOfClasses(check, path, value),
  ]
  const asNumber =
    typeof value === 'string' && value.trim() !== ''
      ? Number(value.replaceAll(/(?<=\d)[_,](?=\d{3})/g, ''))
      : Number.NaN
  const { minItems } = schemaAt(check.schema, path) ?? {}
  const plain = plainForm(value, wanted, asNumber, minItems)
  const isFraction = schemaAt(check.schema, path)?.exclusiveMaximum === 1
  const only =
    plain === undefined
      ? ((isFraction ? fractionOf(value) : undefined) ?? onlyOption(check, path, value, wanted))
      : undefined
  const choice = schemaAt(check.schema, path.slice(0, -1))
  const isPart = choice?.maxProperties === 1 && typeof path.at(-1) === 'string' && value !== null
  const padding = path.at(-1) === 'padding' ? paddingFixes(check.source, path, value) : []
  if (padding.length > 0) fixes.push(...padding)
  // A list of arguments is understood only under the name of another library, since options here have no order.
  else if (isPart && !Array.isArray(value)) {
    const translations = check.translate(key, value, choice)
    fixes.push(...fixWritten(check.source, path, (document, at) => fixesOfKey(document, at, translations)))
  }
  if (fixes.length === 0 && (plain ?? only) !== undefined) {
    const edits = setValue(check.source, path, plain ?? only)
    const kind = plain === undefined ? 'suggestion' : 'rewrite'
    if (edits) fixes.push(fix(`write \`${yamlText(plain ?? only)}\``, edits, kind))
  }
  const index = path.at(-1)
  const what = typeof index === 'number' ? `item ${index + 1} of \`${key}\`` : `\`${key}\``
  const forgotten = fixes.length === 0 ? check.forgottenReference(path, value) : {}
  const help = fixes.length === 0 ? helpOnValue(path, value, wanted) : undefined
  const options = { fixes, ...(help !== undefined && { help }), ...forgotten }
  return check.report('schema/wrong-type', path, wrongType(what, value, wanted), options)
}

/** Fixes null, which stands for the default in Python, and `None`, which is its null. */
function fixesOfNull(check: SpecCheck, path: Path, value: unknown, wanted: readonly string[]): Fix[] {
  if (value === 'None' && wanted.includes('null')) {
    const edits = setValue(check.source, path, null)
    return edits ? [fix('write `null`', edits)] : []
  }
  const key = path.at(-1)
  const { required = [] } = schemaAt(check.schema, path.slice(0, -1)) ?? {}
  if (value !== null || typeof key !== 'string' || required.includes(key)) return []
  // In Keras, no activation is the identity, also where the default is another one.
  const isActivation = /activation$/i.test(key)
  const edits = isActivation ? setValue(check.source, path, 'linear') : removeEntry(check.source, path)
  const title = isActivation ? 'write `linear`' : `remove \`${key}\``
  return edits ? [fix(title, edits, isActivation ? 'rewrite' : 'suggestion')] : []
}

/** Fixes a list of items that is written as a map. */
function fixesOfMap(check: SpecCheck, path: Path, value: unknown, wanted: readonly string[]): Fix[] {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
  const { items } = schemaAt(check.schema, path) ?? {}
  const choice = items === undefined ? undefined : schemaAt(check.schema, [...path, 0])
  const types = Object.keys(choice?.maxProperties === 1 ? (choice.properties ?? {}) : {})
  const areItems = isMap && Object.keys(value).some((key) => suggestWord(key, types).word !== undefined)
  if (!areItems || !wanted.includes('array')) return []
  return fixWritten(check.source, path, fixesOfItems)
}

/** Fixes a list with the weight of each class. */
function fixesOfClasses(check: SpecCheck, path: Path, value: unknown): Fix[] {
  const areWeights = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number')
  if (path.at(-1) !== 'classWeights' || !areWeights) return []
  const newText = `{ ${(value as number[]).map((weight, index) => `${index}: ${weight}`).join(', ')} }`
  return [fix(`write \`${newText}\``, [{ span: check.source.locateValue(path), newText }])]
}

/** Fixes a list with a value for each output, as in Keras, in the order of the outputs. */
function fixesOfOutputs(check: SpecCheck, path: Path, value: unknown): Fix[] {
  const outputs = check.valueAt(['outputs'])
  const isOfOutputs = path.length === 1 && /^(loss|lossWeights)$/.test(String(path[0]))
  if (!isOfOutputs || !Array.isArray(value) || !Array.isArray(outputs) || value.length !== outputs.length) return []
  const byOutput = Object.fromEntries(outputs.map((name, index) => [String(name), value[index] as unknown]))
  const edits = setValue(check.source, path, byOutput)
  return edits ? [fix(`write \`${yamlText(byOutput)}\``, edits)] : []
}

/** Says where what is written belongs, if it is not a value of this option. */
function helpOnValue(path: Path, value: unknown, wanted: readonly string[]): string | undefined {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
  const key = String(path.at(-1))
  if (key === 'learningRate' && isMap)
    return 'a schedule is an option of `training`: `schedule: { cosine: { warmup: 1 } }`'
  if (/activation$/i.test(key) && isMap) {
    return 'activations have no options: add the layer after this one, such as `leakyReLU: { alpha: 0.01 }`'
  }
  if (key.endsWith('Regularizer') && typeof value === 'number') return `for example \`{ l2: { l2: ${value} } }\``
  if (path.length === 1 && key === 'normalize' && value === true)
    return 'to fit it to the samples, write `{ fit: true }`'
  if (key === 'inputs' || path.at(-2) === 'inputs')
    return 'layers are named, not counted; the default is the layer above'
  const areNumbers = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number')
  if (areNumbers && wanted.every((kind) => kind === 'number' || kind === 'integer')) {
    return 'to train with each of several values, write a `sweep`'
  }
  if (key === 'mergeMode' && value === null) return 'a layer has one output: `concat` joins both directions'
  return undefined
}

/** Reports a number outside of its range. For an option below 1, a number up to 100 is probably a percentage. */
export function reportOutOfRange(check: SpecCheck, { error, path, value }: Finding, key: string): Diagnostic {
  const { limit } = error.params
  const meant = error.keyword === 'exclusiveMaximum' && limit === 1 ? fractionOf(value) : undefined
  const edits = meant === undefined ? undefined : setValue(check.source, path, meant)
  return check.report('schema/out-of-range', path, outOfRange(key, value, error.keyword, limit), {
    fixes: edits ? [fix(`write \`${meant}\``, edits, 'suggestion')] : [],
  })
}

/** The options meant by a bare value, such as `dropout: 0.5` for `dropout: { rate: 0.5 }`: for a part with one required option, or only one. */
function onlyOption(check: SpecCheck, path: Path, value: unknown, wanted: readonly string[]): unknown {
  const { properties = {}, required = [], maxProperties } = schemaAt(check.schema, path) ?? {}
  if (!wanted.includes('object') || maxProperties === 1 || value === null) return undefined
  const areNames = Array.isArray(value) && value.length > 1 && value.every((name) => typeof name === 'string')
  if (areNames && isLayerPlace(path.slice(0, -1)) && properties['inputs'] !== undefined) return { inputs: value }
  const keys = required.length > 0 ? required : Object.keys(properties)
  const meant = (typeof value === 'string' && asExpression(value)) || value
  return keys.length === 1 ? { [keys[0]!]: meant } : undefined
}
