/** Reports items that do not have exactly one type as their key. */
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { fixWritten, nestUnderFirst } from '../source/edits.ts'
import { suggestWord } from './suggestWord.ts'
import type { Finding } from './schemaErrors.ts'
import { schemaAt } from './schemaNode.ts'
import { fix, isLayerPlace, type SpecCheck } from './specCheck.ts'
import { fixesOfTypedItem, typeKeyOf } from './typedItems.ts'

/** The options that every layer has, so that none of them is its type. */
const ofEveryLayer: ReadonlySet<string> = new Set(['name', 'inputs', 'expect', 'trainable', 'if'])

export function reportOneType(check: SpecCheck, { path, value }: Finding): Diagnostic {
  const keys = Object.keys((value ?? {}) as object)
  if (keys.length === 0) {
    return check.report('schema/one-type', path, 'this map is empty, but an item needs a type', {
      help: 'for example, `- flatten`',
    })
  }
  const choice = schemaAt(check.schema, path)
  const types = choice?.properties ?? {}
  const typeKey = choice && typeKeyOf(path, value, choice)
  if (typeKey !== undefined) return reportTypedItem(check, path, typeKey)
  const [first = '', ...rest] = keys
  const meant = sameWord(first, Object.keys(types))
  const options = Object.keys((meant && schemaAt(check.schema, [...path, meant])?.properties) ?? {})
  const areOptions = meant !== undefined && rest.every((key) => sameWord(key, options) !== undefined)
  if (areOptions) {
    const edits = nestUnderFirst(check.source, path)
    const isEmpty = (value as Record<string, unknown>)[first] === null
    return check.report(
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
  const beside = keys.filter((key) => ofEveryLayer.has(key))
  const [type, ...more] = keys.filter((key) => !ofEveryLayer.has(key))
  if (isLayerPlace(path) && beside.length > 0 && type !== undefined && more.length === 0) {
    const said = `${listWords(beside, 'and')} ${beside.length === 1 ? 'is' : 'are'} next to \`${type}\`, not under it`
    const help = `write \`${type}: { ${beside[0]}: … }\``
    return check.report('schema/one-type', [...path, beside[0]!], said, { help, atKey: true })
  }
  const message = `an item has one type, but this one has ${keys.length} keys: ${listWords(keys, 'and')}`
  const extraKey = keys.find((key) => !Object.hasOwn(types, key)) ?? rest[0]!
  return check.report('schema/one-type', [...path, extraKey], message, {
    help: 'write each item as a type with its options under it, such as `- dense: { units: 10 }`',
    atKey: true,
  })
}

export function reportTypedItem(check: SpecCheck, path: Path, typeKey: string): Diagnostic {
  const item = check.valueAt(path) as Readonly<Record<string, unknown>>
  const message = `\`${typeKey}\` gives the type of this item, but the type must be the key of its options`
  return check.report('schema/one-type', [...path, typeKey], message, {
    help: `write \`${String(item[typeKey])}: { … }\``,
    atKey: true,
    fixes: fixWritten(check.source, path, (document, at) => fixesOfTypedItem(document, at, item, typeKey)),
  })
}

/** Finds the known word that has another spelling than `word`, or for which `word` is a foreign word. */
function sameWord(word: string, known: readonly string[]): string | undefined {
  if (known.includes(word)) return word
  const guess = suggestWord(word, known)
  return guess.kind === 'rewrite' ? guess.word : undefined
}
