/** Reports parts that do not exist, or have the options of another one. */
import {
  absentDataOptions,
  absentInTraining,
  absentKeys,
  absentOptions,
  absentParts,
  absentTrainingOptions,
} from '../diagnostics/absentOptions.ts'
import { type Diagnostic, type Fix, type Path } from '../diagnostics/diagnostic.ts'
import { foldSpelling } from '../diagnostics/didYouMean.ts'
import { fixWritten, renameKey } from '../source/edits.ts'
import { approximateWords } from './foreignWords.ts'
import { suggestWord, type Guess } from './suggestWord.ts'
import { fixesOfKey } from './partFixes.ts'
import { reportTypedItem } from './reportOneType.ts'
import type { Finding } from './schemaErrors.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'
import { fix, isLayerPlace, type SpecCheck } from './specCheck.ts'
import { helpOf, needsMoreThanName, type Translation } from './translatePart.ts'
import { typeKeyOf } from './typedItems.ts'

/** Reports a key that is not a part of a choice: a foreign word for a part, or an option next to a key such as `type`. */
export function reportUnknownPart(check: SpecCheck, path: Path, key: string, choice: SchemaNode): Diagnostic {
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
  const augmentation = isLayer && guess.word === undefined ? helpOnLayer(check, path, key) : undefined
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

/** Says where an augmentation belongs that is written as a layer, as in Keras, and why a block cannot be inside a layer. */
export function helpOnLayer(check: SpecCheck, path: Path, word: string): string | undefined {
  const { blocks } = (check.source.written.value ?? {}) as { blocks?: unknown }
  const isBlock = blocks !== null && typeof blocks === 'object' && Object.hasOwn(blocks, word)
  if (isBlock && path.at(-1) === 'layer') return 'a block cannot be inside a layer: wrap each layer of the block'
  const choice = schemaAt(check.schema, ['augment', 0])
  const [translated] = choice === undefined ? [] : check.translate(word, undefined, choice)
  const name = word.replace(/\(.*$/s, '')
  const part = translated?.part ?? suggestWord(name, Object.keys(choice?.properties ?? {}), absentParts).word
  return part === undefined
    ? undefined
    : `it changes training samples only, so it is an augmentation: \`augment: [${part}]\``
}

/** The noun for one of the parts of a section. */
export function nounOf(section: string): string {
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
export function otherParts(check: SpecCheck, path: Path): readonly Translation[] {
  const choice = schemaAt(check.schema, path.slice(0, -1))
  const part = path.at(-1)
  if (choice?.maxProperties !== 1 || typeof part !== 'string') return []
  const found = check.translate(part, check.valueAt(path), choice)
  return found.filter((one) => one.part !== part && one.isRenaming)
}

/** The fix that renames a foreign word. A foreign value under it is found in the next round. */
export function renamings(check: SpecCheck, place: Path, key: string, { word, kind }: Guess): Fix[] {
  const edits = word === undefined ? undefined : renameKey(check.source, place, word)
  if (edits !== undefined) return [fix(`replace \`${key}\` with \`${word}\``, edits, kind)]
  return []
}

/** The notes on options that other libraries have in a section and this language does not. */
export function absentAt([section]: Path): Readonly<Record<string, string>> {
  if (section === undefined) return absentKeys
  if (section === 'dataset') return absentDataOptions
  if (section === 'layers') return absentOptions
  if (section === 'training') return absentInTraining
  return section === 'optimizer' || section === 'loss' ? absentTrainingOptions : {}
}
