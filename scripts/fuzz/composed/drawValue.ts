/** Draws values of composed specs: literals, references and expressions, of the kind that an option takes. */
import type { RandomSource } from '../randomSource.ts'
import { literal, type Values, type Written } from './tree.ts'

/** What a variable, a parameter or a counter holds. */
export type Kind = 'size' | 'count' | 'flag' | 'word' | 'rate' | 'sizes' | 'layer'

/** The names that a reference can use. */
export type Scope = ReadonlyMap<string, Kind>

export const kinds: readonly Kind[] = ['size', 'size', 'size', 'count', 'flag', 'word', 'rate', 'sizes', 'layer']

/** An expression with its text. */
interface Term {
  readonly text: string
  of(values: Values): unknown
}

export function drawValue(kind: Kind, scope: Scope, random: RandomSource): Written {
  const names = namesOf(kind, scope)
  if (names.length > 0 && random.chance(0.35)) return reference(random.pick(names))
  if (kind === 'sizes') return drawSizes(scope, random)
  if (kind === 'layer') return literal(random.pick<unknown>(['reLU', { leakyReLU: { alpha: 0.2 } }]))
  if (!random.chance(0.4)) return drawLiteral(kind, random)
  const { text, of } = drawTerm(kind, scope, random, 0)
  return { text: `$(${text})`, valueIn: of }
}

function namesOf(kind: Kind, scope: Scope): string[] {
  return [...scope].filter(([, one]) => one === kind).map(([name]) => name)
}

function reference(name: string): Written {
  return { text: `$${name}`, valueIn: (values) => values.get(name) }
}

function drawLiteral(kind: Kind, random: RandomSource): Written {
  if (kind === 'size') return literal(random.integer(1, 5))
  if (kind === 'count') return literal(random.integer(0, 3))
  if (kind === 'flag') return literal(random.chance(0.5))
  return literal(kind === 'word' ? random.pick(['relu', 'tanh', 'linear']) : random.pick([0.1, 0.25, 0.5]))
}

/** A list of sizes, some of which are references or expressions. */
function drawSizes(scope: Scope, random: RandomSource): Written {
  const items = Array.from({ length: random.integer(0, 3) }, () => drawValue('size', scope, random))
  return { text: items.map(({ text }) => text), valueIn: (values) => items.map((item) => item.valueIn(values)) }
}

const deepest = 3

function drawTerm(kind: Kind, scope: Scope, random: RandomSource, depth: number): Term {
  const names = namesOf(kind, scope)
  const inner = (of: Kind) => drawTerm(of, scope, random, depth + 1)
  const isLeaf = depth >= deepest || random.chance(0.3)
  if (isLeaf && names.length > 0 && random.chance(0.8)) {
    const name = random.pick(names)
    return { text: name, of: (values) => values.get(name) }
  }
  if (isLeaf) return literalTerm(kind, random)
  if (random.chance(0.2)) return choice(inner(kind), inner('flag'), inner(kind))
  switch (kind) {
    case 'flag':
      return drawCondition(inner, random)
    case 'rate':
      return combine('1 / (1 + $)', [inner('size')], ([size]) => 1 / (1 + size!))
    case 'count':
      return combine('$ % 4', [inner('size')], ([size]) => size! % 4)
    case 'size':
      return drawArithmetic(inner, random)
    default:
      return literalTerm(kind, random)
  }
}

function literalTerm(kind: Kind, random: RandomSource): Term {
  const { text } = drawLiteral(kind, random)
  return { text: typeof text === 'string' ? `"${text}"` : String(text), of: () => text }
}

function choice(chosen: Term, condition: Term, otherwise: Term): Term {
  return {
    text: `(${chosen.text} if ${condition.text} else ${otherwise.text})`,
    of: (values) => (condition.of(values) === true ? chosen.of(values) : otherwise.of(values)),
  }
}

type Draw = (kind: Kind) => Term

function drawCondition(inner: Draw, random: RandomSource): Term {
  switch (random.integer(0, 4)) {
    case 0:
      return combine('$ >= $', [inner('size'), inner('count')], ([a, b]) => a! >= b!)
    case 1:
      return combine('$ == $', [inner('size'), inner('size')], ([a, b]) => a === b)
    case 2:
      return combine('$ == $', [inner('word'), inner('word')], ([a, b]) => a === b)
    case 3:
      return combine('not $', [inner('flag')], ([a]) => !a)
    default:
      return combine('$ and $', [inner('flag'), inner('flag')], ([a, b]) => a && b)
  }
}

/** Draws arithmetic of sizes whose result is a size again: a whole number, at least 1, and small. */
function drawArithmetic(inner: Draw, random: RandomSource): Term {
  const two = () => [inner('size'), inner('size')]
  switch (random.integer(0, 8)) {
    case 0:
      return combine('($ + $) % 5 + 1', two(), ([a, b]) => ((a! + b!) % 5) + 1)
    case 1:
      return combine('max($, $)', two(), ([a, b]) => Math.max(a!, b!))
    case 2:
      return combine('min($, $, 4)', two(), ([a, b]) => Math.min(a!, b!, 4))
    case 3:
      return combine('$ // 2 + 1', [inner('size')], ([a]) => Math.floor(a! / 2) + 1)
    case 4:
      return combine('ceil($ / $)', two(), ([a, b]) => Math.ceil(a! / b!))
    case 5:
      return combine('2 ** ($ % 3)', [inner('count')], ([a]) => 2 ** (a! % 3))
    case 6:
      return combine('($ * $) % 6 + 1', two(), ([a, b]) => ((a! * b!) % 6) + 1)
    case 7:
      return combine('-(-$ // 1)', [inner('size')], ([a]) => -Math.floor(-a!))
    default:
      return combine(
        'round(sqrt($ * $))',
        two()
          .slice(0, 1)
          .flatMap((one) => [one, one]),
        ([a]) => a!,
      )
  }
}

/** Puts operands in the places of a pattern. */
function combine(pattern: string, operands: readonly Term[], compute: (values: readonly number[]) => unknown): Term {
  const texts = operands.map(({ text }) => (/^[\w."]+$/.test(text) ? text : `(${text})`))
  let at = 0
  return {
    text: pattern.replaceAll('$', () => texts[at++]!),
    of: (values) => compute(operands.map((operand) => operand.of(values) as number)),
  }
}
