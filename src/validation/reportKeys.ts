/** Reports keys that the schema does not allow at their place, and required keys that are missing. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import { composingKeys } from '../compose/composingKeys.ts'
import { toJsonPointer, type Diagnostic, type Fix, type Path } from '../diagnostics/diagnostic.ts'
import { foldSpelling, listWords, meaningsOf } from '../diagnostics/didYouMean.ts'
import type { SourceDocument } from '../source/source.ts'
import { addEntries, fixWritten, removeEntry, renameKey, yamlText } from '../source/edits.ts'
import { convertAbsent } from './absentValues.ts'
import { foreignWords } from './foreignWords.ts'
import { suggestWord, type Guess } from './suggestWord.ts'
import { absentAt, nounOf, otherParts, renamings, reportUnknownPart } from './reportParts.ts'
import { fixesOfMove, findIntendedPlace, partsWithOption } from './misplacedKeys.ts'
import { fixesOfAbsent } from './partFixes.ts'
import { gluedEntry } from './plainForms.ts'
import type { Finding } from './schemaErrors.ts'
import { kindsOf, schemaAt, type SchemaNode } from './schemaNode.ts'
import { fix, type SpecCheck } from './specCheck.ts'
import { type Translation } from './translatePart.ts'

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
  const ofInput = isAbsent && guess.word === undefined ? fixesOfInputShape(check, place) : []
  if (ofInput.length > 0) {
    return check.report('schema/unknown-key', place, message, { help: guess.help, atKey: true, fixes: ofInput })
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
    // Another dataset has other samples.
    const owners =
      isAbsent || guess.word !== undefined || path[0] === 'dataset' ? [] : partsWithOption(place, check.schema)
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

/**
 * The fix for the shape of the input as an option of the first layer, as in Keras: moves it to `input`, or removes it if a
 * dataset has it.
 */
function fixesOfInputShape(check: SpecCheck, place: Path): Fix[] {
  const { source } = check
  const key = String(place.at(-1))
  const value = check.valueAt(place)
  const shape = Array.isArray(value) ? (value as unknown[]) : [value]
  const isShape = shape.every((size) => size === null || Number.isInteger(size))
  if (!/^input_?(shape|dim)$/i.test(key) || place[1] !== 0 || !isShape) return []
  const spec = source.value as Readonly<Record<string, unknown>>
  const isKnown = Object.hasOwn(spec, 'dataset') || Object.hasOwn(spec, 'input')
  const removed = removeEntry(source, place)
  const added = isKnown ? [] : addEntries(source, [], [`input: { shape: ${yamlText(shape)} }`])
  if (removed === undefined || added === undefined) return []
  const title = isKnown ? `remove \`${key}\`` : `write \`input: { shape: ${yamlText(shape)} }\``
  return [fix(title, [...removed, ...added], isKnown ? 'suggestion' : 'rewrite')]
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
