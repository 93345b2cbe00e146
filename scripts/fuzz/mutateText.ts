/** Mutates spec texts at random: bytes, tokens, whole subtrees, and constructs that break parsers. */
import { isMap, isSeq, parseDocument, type Node, type Pair } from 'yaml'
import { oddReferences } from './hostileComposition.ts'
import type { RandomSource } from './randomSource.ts'

type Mutation = (text: string, random: RandomSource) => string

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  ',',
  '&a ',
  '*a',
  '<<: *a',
  '|',
  '>',
  '"',
  "'",
  '#',
  '\t',
  '---',
  '...',
  '%',
  '!',
  '!!int ',
  '? ',
  '@',
  '`',
]
const words = [
  'null',
  '~',
  'true',
  'yes',
  '.nan',
  '.inf',
  '-0',
  '1e999',
  '0x1F',
  '0o7',
  '2001-01-01',
  '99999999999999999999',
  '-1',
  '1.5',
  '""',
  '{}',
  '[]',
  '__proto__',
  'constructor',
  'toString',
  'dense',
  'layers',
  'inputs',
  'x-note',
  'ignore',
  'expect',
  'repeat',
  'vars',
  'blocks',
  '$width',
  '$(width * 2)',
  '$(1 / 0)',
  '$$',
  '1000000000',
]
const strange = [
  '\0',
  '\uFEFF',
  '\r\n',
  '\r',
  '\u2028',
  '\u{1F600}',
  '\u{D800}',
  'é',
  '\u202E',
  '\u00A0',
  '\u0007',
  '\u0085',
]

const placeIn = (text: string, random: RandomSource) => random.integer(0, text.length)

function splice(text: string, at: number, removed: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at + removed)
}

/** Picks a random word or number. */
function wordIn(text: string, random: RandomSource): { start: number; length: number } | undefined {
  const found = [...text.matchAll(/[\w.-]+/g)]
  if (found.length === 0) return undefined
  const { index, 0: word } = random.pick(found)
  return { start: index, length: word.length }
}

const mutations: readonly Mutation[] = [
  (text, random) => splice(text, placeIn(text, random), random.integer(1, 4), ''),
  (text, random) => splice(text, placeIn(text, random), 0, String.fromCharCode(random.integer(0, 255))),
  (text, random) => splice(text, placeIn(text, random), 0, random.pick(tokens)),
  (text, random) => splice(text, placeIn(text, random), 0, random.pick(strange)),
  (text, random) => {
    const word = wordIn(text, random)
    return word ? splice(text, word.start, word.length, random.pick(words)) : text
  },
  (text, random) => {
    const [one, other] = [wordIn(text, random), wordIn(text, random)]
    return one && other
      ? splice(text, one.start, one.length, text.slice(other.start, other.start + other.length))
      : text
  },
  (text, random) => {
    const word = wordIn(text, random)
    return word ? splice(text, word.start + random.integer(0, word.length - 1), 1, random.pick([...'aeiou_-0'])) : text
  },
  (text, random) => {
    const start = placeIn(text, random)
    return splice(text, placeIn(text, random), 0, text.slice(start, start + random.integer(1, 60)))
  },
  (text, random) => {
    const lines = text.split('\n')
    const at = random.integer(0, lines.length - 1)
    if (random.chance(0.5)) return lines.toSpliced(at, 1).join('\n')
    return lines.with(at, `${' '.repeat(random.integer(0, 4))}${lines[at]!.trimStart()}`).join('\n')
  },
  (text, random) => text.slice(0, placeIn(text, random)),
  (text, random) => {
    const word = wordIn(text, random)
    return word ? splice(text, word.start, word.length, JSON.stringify(random.pick(oddReferences))) : text
  },
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\uFEFF${text}`,
  mutateTree,
  nestDeeply,
  multiplyAliases,
  inflate,
]

/** Moves, copies or removes a subtree, and prints the document again. */
function mutateTree(text: string, random: RandomSource): string {
  const document = parseDocument(text, { merge: true, logLevel: 'silent' })
  if (document.errors.length > 0) return text
  const collections: Node[] = []
  const collect = (node: unknown): void => {
    if (!isMap(node) && !isSeq(node)) return
    collections.push(node)
    for (const item of node.items) collect(isMap(node) ? (item as { value: unknown }).value : item)
  }
  collect(document.contents)
  const [from, to] = [random.pick(collections), random.pick(collections)]
  if (!(isMap(from) || isSeq(from)) || !(isMap(to) || isSeq(to)) || from.items.length === 0) return text
  const taken = random.integer(0, from.items.length - 1)
  if (isMap(from) === isMap(to) && random.chance(0.6)) {
    // A copy, because a node inside itself would be infinite.
    const copy = (from.items[taken] as Node | Pair).clone()
    to.items.splice(random.integer(0, to.items.length), random.chance(0.5) ? 1 : 0, copy as never)
  } else from.items.splice(taken, 1)
  try {
    return document.toString()
  } catch {
    // The anchor of an alias may be gone.
    return text
  }
}

function nestDeeply(text: string, random: RandomSource, depth = random.integer(1, 400)): string {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{ a: ', ' }'],
    ['{ timeDistributed: { layer: ', '} }'],
    ['- ', ''],
    ['? ', ''],
  ] as const)
  const nested = `${open.repeat(depth)}1${close.repeat(random.chance(0.9) ? depth : depth - 1)}`
  const word = wordIn(text, random)
  return word ? splice(text, word.start, word.length, nested) : nested
}

/** Repeats a line, a digit, a token or a strange character. */
function inflate(text: string, random: RandomSource, length = random.integer(10, 2000)): string {
  const lines = text.split('\n')
  const line = `${random.pick(lines)}\n`
  const [token, odd] = [random.pick(tokens), random.pick(strange)]
  const part = random.pick([line, line, '9', 'f', token, `${token}\n`, odd])
  const before = lines.slice(0, random.integer(0, lines.length)).join('\n')
  const at = part.endsWith('\n') ? before.length + 1 : placeIn(text, random)
  return splice(text, at, 0, part.repeat(Math.ceil(length / part.length)))
}

/** Makes a text huge: 100,000 levels, or 100 kB or 10 MB of the same text. Used rarely, because it is slow. */
function enlarge(text: string, random: RandomSource): string {
  if (random.chance(0.998)) return text
  if (random.chance(0.5)) return nestDeeply(text, random, 100_000)
  return inflate(text, random, random.chance(0.5) ? 10_000_000 : 100_000)
}

function multiplyAliases(text: string, random: RandomSource): string {
  const fan = random.integer(2, 9)
  const levels = Array.from({ length: random.integer(1, 9) }, (_item, level) => {
    const items = Array.from({ length: fan }, () => (level === 0 ? 'flatten' : `*n${level - 1}`))
    return `x-n${level}: &n${level} [${items.join(', ')}]\n`
  })
  return random.chance(0.5) ? levels.join('') + text : `${text}\n${levels.join('')}`
}

export function mutateText(text: string, random: RandomSource): string {
  const times = random.chance(0.6) ? 1 : random.integer(2, 6)
  let mutated = text
  for (let round = 0; round < times; round += 1) mutated = random.pick(mutations)(mutated, random)
  return enlarge(mutated, random)
}
