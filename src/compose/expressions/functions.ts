/** The functions of expressions. Each takes and returns numbers. */
import { listWords } from '../../diagnostics/didYouMean.ts'

/** Rounds to the nearest whole number, and a half to the even one, as Python does. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  const part = value - below
  if (part !== 0.5) return part < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

interface NumberFunction {
  readonly takesMany: boolean
  compute(...values: readonly number[]): number
}

const one = (compute: (value: number) => number): NumberFunction => ({ takesMany: false, compute })
const many = (compute: (...values: readonly number[]) => number): NumberFunction => ({ takesMany: true, compute })

const functions: ReadonlyMap<string, NumberFunction> = new Map([
  ['min', many(Math.min)],
  ['max', many(Math.max)],
  ['round', one(roundHalfToEven)],
  ['floor', one(Math.floor)],
  ['ceil', one(Math.ceil)],
  ['log2', one(Math.log2)],
  ['sqrt', one(Math.sqrt)],
])

/** All functions, listed in a sentence. */
export const functionNames = listWords([...functions.keys()], 'and')

export function isFunctionName(word: string): boolean {
  return functions.has(word)
}

/** Returns a function under a name that was checked before. */
export function functionOf(name: string): NumberFunction {
  return functions.get(name)!
}
