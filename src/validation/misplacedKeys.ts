/**
 * Finds the right place of keys at the wrong level, such as `epochs` at the top or `optimizer` in `training`. The place
 * follows from the schema, and a fix moves the key there with its value.
 */
import { isMap, isScalar } from 'yaml'
import type { Fix, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { foldSpelling } from '../diagnostics/didYouMean.ts'
import { equalWord } from './suggestWord.ts'
import { addEntries, lineBreakOf, removeEntry, setValue, yamlText } from '../source/edits.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { isWithoutReferences } from './partFixes.ts'
import { schemaAt, type SchemaNode } from './schemaNode.ts'

export interface Home {
  /** The map that the key belongs to. */
  readonly path: Path
  /** The name of the key there. */
  readonly word: string
  readonly help: string
  /** Whether the key can be moved: it is not set there yet, and the map exists or can be added. */
  readonly isFree: boolean
}

/** The sections that a misplaced key may belong to. */
const sections = ['optimizer', 'training', 'loss', 'dataset', 'budget', 'normalize']
const isChoice = (section: string) => section === 'optimizer' || section === 'loss' || section === 'dataset'

/** Keys that occur in many places, so they do not show where they belong. */
const everywhere = new Set(['name', 'inputs', 'layers', 'input', 'path', 'ignore'])

/** Finds where the unknown key at `place` belongs, if it is a key of another place. */
export function findIntendedPlace(place: Path, source: SourceDocument, schema: SchemaNode): Home | undefined {
  const key = String(place.at(-1))
  const spec = (source.value ?? {}) as Readonly<Record<string, unknown>>
  if (place[0] === 'layers' && place.at(-2) === 'apply' && key === 'trainable') {
    const help = 'both uses share the weights: set it on the layer that is applied'
    return { path: [], word: key, help, isFree: false }
  }
  const root = place.length > 1 ? wordAt([], key, schema) : undefined
  if (root !== undefined) return homeAt([], root, spec, 'it is a top-level key of the spec: move it to the top')
  for (const section of sections) {
    if (place[0] === section) continue
    const home = isChoice(section) ? ofPart(section, key, spec, schema) : ofSection(section, key, spec, schema)
    if (home !== undefined) return home
  }
  return place[0] === 'layers' ? undefined : ofCallback(key, schema)
}

function ofSection(
  section: string,
  key: string,
  spec: Readonly<Record<string, unknown>>,
  schema: SchemaNode,
): Home | undefined {
  const word = wordAt([section], key, schema)
  if (word === undefined) return undefined
  return homeAt([section], word, spec, `it belongs in \`${section}\`: \`${section}: { ${word}: … }\``)
}

/** The home of an option of the optimizer, loss or dataset: the one that the spec names if possible, otherwise any that has it. */
function ofPart(
  section: string,
  key: string,
  spec: Readonly<Record<string, unknown>>,
  schema: SchemaNode,
): Home | undefined {
  const parts = keysAt([section], schema)
  const stated = spec[section]
  const written = typeof stated === 'string' ? stated : Object.keys((stated ?? {}) as object)[0]
  const part = written === undefined ? undefined : equalWord(written, parts)
  const word = part === undefined ? undefined : wordAt([section, part], key, schema)
  const say = (owner: string, option: string) =>
    `it is an option of the ${section}: \`${section}: { ${owner}: { ${option}: … } }\``
  if (part !== undefined && word !== undefined) return homeAt([section, written!], word, spec, say(part, word))
  const owner = [...parts.values()].find((one) => wordAt([section, one], key, schema) !== undefined)
  if (owner === undefined) return undefined
  const option = wordAt([section, owner], key, schema)!
  return { path: [section], word: option, help: say(owner, option), isFree: false }
}

/** The home of a callback, or of an option of one. */
function ofCallback(key: string, schema: SchemaNode): Home | undefined {
  const path = ['training', 'callbacks', 0]
  const callbacks = keysAt(path, schema)
  const callback = equalWord(key, callbacks)
  const owner = [...callbacks.values()].find((type) => wordAt([...path, type], key, schema) !== undefined)
  if (callback === undefined && owner === undefined) return undefined
  const example = callback ?? `{ ${owner}: { ${wordAt([...path, owner!], key, schema)}: … } }`
  const what = callback === undefined ? 'an option of a callback' : 'a callback'
  return { path, word: key, help: `it is ${what}: \`training: { callbacks: [${example}] }\``, isFree: false }
}

function homeAt(path: Path, word: string, spec: Readonly<Record<string, unknown>>, help: string): Home {
  const map = path.reduce<unknown>((value, step) => (value as Record<string, unknown> | null | undefined)?.[step], spec)
  const isThere = map !== null && typeof map === 'object' && Object.hasOwn(map, word)
  const where = path.length === 0 ? 'at the top level' : `in \`${path[0]}\``
  return { path, word, help: isThere ? `\`${word}\` is already set ${where}` : help, isFree: !isThere }
}

/** Finds other parts of the same choice that have an option of this name, such as the optimizers with a momentum. */
export function partsWithOption(place: Path, schema: SchemaNode): string[] {
  const choice = schemaAt(schema, place.slice(0, -2))
  if (choice?.maxProperties !== 1 || place[0] === 'layers') return []
  const key = String(place.at(-1))
  const others = Object.keys(choice.properties ?? {}).filter((part) => part !== place.at(-2))
  return others.filter((part) => wordAt([...place.slice(0, -2), part], key, schema) !== undefined)
}

/** Finds the key of the map at `path` that equals `key`, or for which `key` is a foreign word. */
function wordAt(path: Path, key: string, schema: SchemaNode): string | undefined {
  return equalWord(key, keysAt(path, schema))
}

const keysOfPlaces = new Map<string, ReadonlyMap<string, string>>()

/** The keys of the map at `path` by their folded spelling. Cached, since the schema never changes. */
function keysAt(path: Path, schema: SchemaNode): ReadonlyMap<string, string> {
  const place = path.join('/')
  const known = keysOfPlaces.get(place)
  if (known !== undefined) return known
  const words = Object.keys(schemaAt(schema, path)?.properties ?? {}).filter((word) => !everywhere.has(word))
  const keys = new Map(words.map((word) => [foldSpelling(word), word]))
  keysOfPlaces.set(place, keys)
  return keys
}

/**
 * Moves the entry at `place` to its home, with its value as it is written.
 *
 * @param added The sections that other fixes add. Only one fix adds a section; other keys move there in a later round.
 */
export function fixesOfMove(
  place: Path,
  { path, word, isFree }: Home,
  source: SourceDocument,
  added: Set<string>,
): Fix[] {
  const pair = source.pairAt(place)
  if (!isFree || place[0] === 'layers' || pair === undefined || !isScalar(pair.key)) return []
  const section = String(path[0])
  if (path.length === 1 && source.pairAt(path) === undefined) {
    if (added.has(section)) return []
    added.add(section)
  }
  const key = String(pair.key.value)
  const value = spanOf(pair.value)
  if (value === undefined || !isWithoutReferences(pair.value)) return []
  const text = source.text.slice(value.start, value.end)
  const plain = place.reduce<unknown>((held, step) => (held as Record<string | number, unknown>)[step], source.value)
  const entry = `${yamlText(word)}: ${text === '' || text.includes('\n') ? yamlText(plain) : text}`
  const title = path.length === 0 ? `move \`${key}\` to the top level` : `move \`${key}\` to \`${path[0]}\``
  const edits = wrapInPlace(place, path, word, source) ?? moveEntry(place, path, entry, { [word]: plain }, source)
  return edits ? [{ kind: 'rewrite', title, edits }] : []
}

function moveEntry(
  place: Path,
  home: Path,
  entry: string,
  options: object,
  source: SourceDocument,
): TextEdit[] | undefined {
  const removed = removeOrEmpty(place, source)
  const part = home[1]
  const isBareSection = home.length === 1 && source.pairAt(home) === undefined
  const isBarePart = home.length === 2 && !isMap(source.nodeAt(home))
  const added = isBareSection
    ? addEntries(source, [], [`${String(home[0])}: { ${entry} }`])
    : isBarePart
      ? setValue(source, home.slice(0, 1), { [String(part)]: options })
      : addEntries(source, home, [entry])
  return removed && added && [...removed, ...added]
}

/** Removes the entry, or its whole section if it is the only entry. */
function removeOrEmpty(place: Path, source: SourceDocument): TextEdit[] | undefined {
  const map = source.nodeAt(place.slice(0, -1))
  const isOnly = isMap(map) && map.items.length === 1
  return removeEntry(source, isOnly && (place.length === 2 || map.flow !== true) ? place.slice(0, -1) : place)
}

/** Wraps an entry at the top level in its section, if that does not exist yet. Keeps the comments of the entry. */
function wrapInPlace(place: Path, home: Path, word: string, source: SourceDocument): TextEdit[] | undefined {
  const root = source.nodeAt([])
  const pair = source.pairAt(place)
  const [section] = home
  const key = spanOf(pair?.key)
  if (place.length !== 1 || home.length !== 1 || source.pairAt(home) !== undefined) return undefined
  if (!isMap(root) || root.flow === true || key === undefined) return undefined
  const end = Math.max(key.end, spanOf(pair?.value)?.end ?? 0)
  const indent = ' '.repeat(key.start - source.text.lastIndexOf('\n', key.start - 1) - 1)
  const lines = [...source.text.slice(key.start, end).matchAll(/\n(?=[^\r\n])/g)]
  return [
    { span: key, newText: `${String(section)}:${lineBreakOf(source.text)}${indent}  ${yamlText(word)}` },
    ...lines.map(({ index }) => {
      const at = key.start + index + 1
      return { span: { start: at, end: at }, newText: '  ' }
    }),
  ]
}
