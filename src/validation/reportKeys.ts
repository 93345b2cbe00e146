/** Reports keys that the schema does not allow at their place, and required keys that are missing. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import { composingKeys } from '../compose/composingKeys.ts'
import { absentInTraining, absentOptions, absentParts, absentTrainingOptions } from '../diagnostics/absentOptions.ts'
import { toJsonPointer, type Diagnostic, type Fix, type Path } from '../diagnostics/diagnostic.ts'
import { foldSpelling, listWords, meaningsOf } from '../diagnostics/didYouMean.ts'
import type { SourceDocument } from '../source/source.ts'
import { fixWritten, renameKey, yamlText } from '../source/edits.ts'
import { convertAbsent } from './absentValues.ts'
import { approximateWords, foreignWords } from './foreignWords.ts'
import { suggestWord, type Guess } from './suggestWord.ts'
import { fixesOfMove, findIntendedPlace, partsWithOption } from './misplacedKeys.ts'
import { fixesOfAbsent, fixesOfKey } from './partFixes.ts'
import { gluedEntry } from './plainForms.ts'
import { reportTypedItem } from './reportOneType.ts'
import type { Finding } from './schemaErrors.ts'
import { kindsOf, schemaAt, type SchemaNode } from './schemaNode.ts'
import { fix, isLayerPlace, type SpecCheck } from './specCheck.ts'
import { helpOf, needsMoreThanName, type Translation } from './translatePart.ts'
import { typeKeyOf } from './typedItems.ts'

export function reportUnknownKey(check: SpecCheck, { path }: Finding, key: string): Diagnostic {
  const parent = schemaAt(check.schema, path)
  if (parent?.maxProperties === 1) return reportUnknownPart(check, path, key, parent)
  const present = (check.valueAt(path) ?? {}) as object
  const place = [...path, key]
  const isTaken = (word: string) => Object.hasOwn(present, word) && isBeside(check.source, [...path, word], place)
  const known = Object.keys(parent?.properties ?? {}).filter((word) => !isTaken(word))
  if (path.length === 0) known.push(...absentComposingKeys(check))
  const absent = absentAt(path)
  const group = path.length === 0 ? reportGroup(check, key, Object.keys(parent?.properties ?? {})) : undefined
  if (group !== undefined) return group
  const guess = fittingGuess(check, place, parent, suggestWord(key, known, absent))
  const holder = path.findLast((step) => typeof step === 'string')
  const where = path.length === 0 ? 'a spec' : `\`${String(holder)}\``
  const glued = gluedEntry(key, known)
  if (glued !== undefined) {
    check.foundElsewhere.add(toJsonPointer([...path, glued.key]))
    const span = check.source.locateKey(place)
    return check.report('schema/unknown-key', place, `a space is missing after the colon of \`${glued.key}\``, {
      atKey: true,
      fixes: [fix(`write \`${glued.text}\``, [{ span, newText: glued.text }])],
    })
  }
  const inner = isInnerLayer(check, parent, key) ? wrapInnerLayer(check, place, present, key) : undefined
  if (inner !== undefined) return inner
  const message = `${where} has no key \`${key}\``
  const isAbsent = Object.hasOwn(absent, foldSpelling(key))
  const replaced = isAbsent && guess.word === undefined ? convertAbsent(key, check.valueAt(place)) : undefined
  if (replaced !== undefined) {
    const fixes = fixWritten(check.source, place, (document, at) => fixesOfAbsent(document, at, replaced))
    const help = Object.keys(replaced).length === 0 ? 'remove it: this value changes nothing' : guess.help
    return check.report('schema/unknown-key', place, message, { help, atKey: true, fixes })
  }
  const isForeign = guess.word !== undefined && meaningsOf(foldSpelling(key), foreignWords()).includes(guess.word)
  if (guess.kind !== 'rewrite' && !isForeign) {
    const others = otherParts(check, path)
    if (others.length > 0) {
      const [{ part, kind }] = others as [Translation]
      return check.report('schema/unknown-key', place, message, {
        help: `the ${nounOf(String(path[0]))} \`${part}\` has it`,
        atKey: true,
        fixes: [fix(`replace \`${String(holder)}\` with \`${part}\``, renameKey(check.source, path, part) ?? [], kind)],
      })
    }
    const owners = isAbsent || guess.word !== undefined ? [] : partsWithOption(place, check.schema)
    if (owners.length > 0) {
      const section = String(path[0])
      const isOne = owners.length === 1
      const help = `the ${isOne ? nounOf(section) : section} ${listWords(owners, 'and')} ${isOne ? 'has' : 'have'} it`
      const edits = owners.length === 1 ? renameKey(check.source, path, owners[0]!) : undefined
      const fixes = edits ? [fix(`replace \`${String(holder)}\` with \`${owners[0]}\``, edits, 'suggestion')] : []
      return check.report('schema/unknown-key', place, message, { help, atKey: true, fixes })
    }
    const found = findIntendedPlace(place, check.source, check.schema)
    const home = isAbsent && (path[0] !== 'optimizer' || found?.path[0] !== 'training') ? undefined : found
    if (home !== undefined) {
      const fixes = fixWritten(check.source, place, (document, at) =>
        fixesOfMove(at, home, document, check.addedSections),
      )
      return check.report('schema/unknown-key', place, message, {
        help: isAbsent ? guess.help : home.help,
        atKey: true,
        // The decay or the norm of an optimizer may be computed in another way.
        fixes: isAbsent ? fixes.map((one) => ({ ...one, kind: 'suggestion' })) : fixes,
      })
    }
  }
  if (guess.word !== undefined) check.foundElsewhere.add(toJsonPointer([...path, guess.word]))
  return check.report('schema/unknown-key', place, message, {
    help: guess.help,
    atKey: true,
    fixes: renamings(check, place, key, guess),
  })
}

/**
 * Drops the guess of a key if it has another kind of value than the one that is written: `model: { layers: [] }` is not the
 * list `layers`.
 */
function fittingGuess(check: SpecCheck, place: Path, parent: SchemaNode | undefined, guess: Guess): Guess {
  const value = check.valueAt(place)
  const kinds = guess.word === undefined ? undefined : kindsOf(check.schema, parent?.properties?.[guess.word])
  if (guess.kind === 'rewrite' || kinds === undefined || value === null || typeof value !== 'object') return guess
  const isFitting = kinds.includes(Array.isArray(value) ? 'array' : 'object')
  return isFitting ? guess : suggestWord('', Object.keys(parent?.properties ?? {}))
}

/**
 * Reports a key that only groups sections, as in `model: { layers: [] }`, or that leads to an option, as in
 * `optimizer.sgd.learningRate: 0.1`.
 */
function reportGroup(check: SpecCheck, key: string, known: readonly string[]): Diagnostic | undefined {
  const value = check.valueAt([key])
  const report = (help: string) =>
    check.report('schema/unknown-key', [key], `a spec has no key \`${key}\``, { help, atKey: true })
  const steps = key.split('.')
  if (steps.length > 1 && known.includes(steps[0]!)) {
    const nested = steps
      .toReversed()
      .reduce((inner, step) => (inner === '' ? `${step}: …` : `${step}: { ${inner} }`), '')
    return report(`write keys in each other: \`${nested}\``)
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const grouped = Object.keys(value).filter((word) => known.includes(word) && word !== 'name')
  if (grouped.length === 0) return undefined
  for (const word of grouped) check.foundElsewhere.add(toJsonPointer([word]))
  return report(`write ${listWords(grouped, 'and')} at the top level of the spec`)
}

/** Whether a key is the type of the layer that another layer contains. */
function isInnerLayer(check: SpecCheck, parent: SchemaNode | undefined, key: string): boolean {
  return parent?.properties?.['layer'] !== undefined && key in (schemaAt(check.schema, ['layers', 0])?.properties ?? {})
}

/** Reports the type of an inner layer that is not under `layer`. */
function wrapInnerLayer(check: SpecCheck, place: Path, present: object, key: string): Diagnostic | undefined {
  if (Object.hasOwn(present, 'layer')) return undefined
  check.foundElsewhere.add(toJsonPointer([...place.slice(0, -1), 'layer']))
  const { start } = check.source.locateKey(place)
  const { end } = check.source.locateValue(place)
  const text = check.source.text.slice(start, end)
  const edits = [{ span: { start, end }, newText: `layer: { ${text} }` }]
  return check.report('schema/unknown-key', place, `the layer \`${key}\` must be under \`layer\``, {
    help: `write \`layer: { ${key}: { … } }\``,
    atKey: true,
    fixes: text.includes('\n') || text === key ? [] : [fix('put it under `layer`', edits)],
  })
}

/** Whether two keys of a map are written in one map, and not in a spec and the one that it overrides. */
function isBeside(source: SourceDocument, path: Path, other: Path): boolean {
  const [one, two] = [source.writtenAt(path), source.writtenAt(other)]
  if (one === undefined || two === undefined) return one === two
  return one.document.file === two.document.file && mapOf(one.path) === mapOf(two.path)
}

function mapOf(path: Path): string {
  return toJsonPointer(path.slice(0, -1))
}

/** The sections that only a spec as written can have, without those that it has. */
function absentComposingKeys({ source }: SpecCheck): string[] {
  const written = (source.written.value ?? {}) as object
  return [...composingKeys].filter((key) => !Object.hasOwn(written, key))
}

/** Reports a key that is not a part of a choice: a foreign word for a part, or an option next to a key such as `type`. */
function reportUnknownPart(check: SpecCheck, path: Path, key: string, choice: SchemaNode): Diagnostic {
  const typeKey = typeKeyOf(path, check.valueAt(path), choice)
  if (typeKey !== undefined) return reportTypedItem(check, path, typeKey)
  const place = [...path, key]
  const isLayer = isLayerPlace(path)
  const holder = path.findLast((step) => typeof step === 'string')
  const message = isLayer ? `there is no layer type \`${key}\`` : `there is no ${nounOf(String(holder))} \`${key}\``
  const code = isLayer ? 'schema/unknown-layer' : 'schema/unknown-value'
  const translations = check.translate(key, check.valueAt(place) ?? null, choice)
  const fixes = fixWritten(check.source, place, (document, at) => fixesOfKey(document, at, translations))
  if (fixes.length > 0) {
    return check.report(code, place, message, { help: helpOf(translations), atKey: true, fixes })
  }
  const guess = ofSameOptions(check, place, choice, suggestWord(key, Object.keys(choice.properties ?? {}), absentParts))
  const augmentation = isLayer && guess.word === undefined ? helpOnAugmentation(check, key) : undefined
  if (augmentation !== undefined) return check.report(code, place, message, { help: augmentation, atKey: true })
  const isLess = needsMoreThanName(key, check.valueAt(place), { root: check.schema, choice })
  return check.report(code, place, message, {
    help: guess.help,
    atKey: true,
    fixes: renamings(check, place, key, isLess ? { ...guess, kind: 'suggestion' } : guess),
  })
}

/** Drops the guess of a part that is only similar, and has none of the options that are written. */
function ofSameOptions(check: SpecCheck, place: Path, choice: SchemaNode, guess: Guess): Guess {
  const key = String(place.at(-1))
  const options = Object.keys((check.valueAt(place) ?? {}) as object)
  if (guess.word === undefined || guess.kind === 'rewrite' || !approximateWords().has(foldSpelling(key))) return guess
  const own = Object.keys(schemaAt(check.schema, [...place.slice(0, -1), guess.word])?.properties ?? {})
  const absent = absentAt(place)
  const isOwn = (option: string) =>
    suggestWord(option, own).word !== undefined || Object.hasOwn(absent, foldSpelling(option))
  const isShared = options.length === 0 || options.some(isOwn)
  return isShared ? guess : suggestWord('', Object.keys(choice.properties ?? {}))
}

/** Says where an augmentation belongs that is written as a layer, as in Keras. */
export function helpOnAugmentation(check: SpecCheck, word: string): string | undefined {
  const choice = schemaAt(check.schema, ['augment', 0])
  const [translated] = choice === undefined ? [] : check.translate(word, undefined, choice)
  const name = word.replace(/\(.*$/s, '')
  const part = translated?.part ?? suggestWord(name, Object.keys(choice?.properties ?? {}), absentParts).word
  return part === undefined
    ? undefined
    : `it changes training samples only, so it is an augmentation: \`augment: [${part}]\``
}

/** The noun for one of the parts of a section. */
function nounOf(section: string): string {
  const nouns: Readonly<Record<string, string>> = {
    layers: 'layer',
    callbacks: 'callback',
    metrics: 'metric',
    augment: 'augmentation',
  }
  return nouns[section] ?? (/[A-Z]/.test(section) ? `\`${section}\`` : section)
}

/**
 * Reports a part whose options are those of another one: `rnn: { cell: lstm, units: 8 }`. Returns undefined for a finding
 * in any other part.
 */
export function reportOtherPart(check: SpecCheck, { path }: Finding): Diagnostic | undefined {
  const length = path.findIndex((step, index) => typeof step === 'string' && isLayerPlace(path.slice(0, index))) + 1
  const place = path.slice(0, length)
  const choice = length > 0 ? schemaAt(check.schema, place.slice(0, -1)) : undefined
  if (choice?.maxProperties !== 1) return undefined
  const part = String(place.at(-1))
  const known = Object.hasOwn(choice.properties ?? {}, part)
  const found = known ? check.translate(part, check.valueAt(place), choice) : []
  const others = found.filter((one) => one.part !== part && one.kind === 'rewrite' && !one.isRenaming)
  const [other] = others
  if (other === undefined) return undefined
  return check.report('schema/wrong-type', place, `\`${part}\` has the options of \`${other.part}\``, {
    help: helpOf(others),
    atKey: true,
    fixes: fixWritten(check.source, place, (document, at) => fixesOfKey(document, at, others)),
  })
}

/** The parts that have the unknown options of the one at `path`: for `sgd` with a momentum, `momentum`. */
function otherParts(check: SpecCheck, path: Path): readonly Translation[] {
  const choice = schemaAt(check.schema, path.slice(0, -1))
  const part = path.at(-1)
  if (choice?.maxProperties !== 1 || typeof part !== 'string') return []
  const found = check.translate(part, check.valueAt(path), choice)
  return found.filter((one) => one.part !== part && one.isRenaming)
}

/** The fix that renames a foreign word. A foreign value under it is found in the next round. */
function renamings(check: SpecCheck, place: Path, key: string, { word, kind }: Guess): Fix[] {
  const edits = word === undefined ? undefined : renameKey(check.source, place, word)
  if (edits !== undefined) return [fix(`replace \`${key}\` with \`${word}\``, edits, kind)]
  return []
}

/** Whether a map takes options from an anchor that does not exist, which is reported as such. */
export function lacksAnchor({ source }: SpecCheck, path: Path): boolean {
  const map = source.nodeAt(path)
  if (!isMap(map)) return false
  return map.items.some(({ key, value }) => {
    const isMerge = isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol')
    const items: unknown[] = isSeq(value) ? value.items : [value]
    return isMerge && items.some((one) => isAlias(one) && !source.written.text.includes(`&${one.source}`))
  })
}

export function reportMissingKeys(check: SpecCheck, path: Path, keys: readonly string[]): Diagnostic {
  const owner = path.length === 0 ? 'a spec' : `\`${String(path.at(-1))}\``
  const properties = schemaAt(check.schema, path)?.properties ?? {}
  const examples = keys.map((key) => `${key}: ${yamlText(properties[key]?.examples?.[0] ?? '…')}`)
  const help = `add ${keys.length === 1 ? 'it' : 'them'}, for example \`${examples.join(', ')}\``
  return check.report('schema/missing-key', path, `${owner} requires ${listWords(keys, 'and')}`, { help, atKey: true })
}

/** The notes on options that other libraries have in a section and this language does not. */
function absentAt([section]: Path): Readonly<Record<string, string>> {
  if (section === 'layers') return absentOptions
  if (section === 'training') return absentInTraining
  return section === 'optimizer' || section === 'loss' ? absentTrainingOptions : {}
}
