/** What Keras computed, as scripts/kerasReference.py wrote it; where a Python has Keras, what it computes now must be the same. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Listed {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

export interface LayerReference {
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly input: Listed
  readonly weights: readonly Listed[]
  readonly answer: Listed
  /** What the answer is multiplied by before it is summed up. */
  readonly factors?: Listed
  /** Of that sum, by the input and then by each trained weight. */
  readonly gradients?: readonly Listed[]
  /** The weights after one pass in training, where that changes them. */
  readonly after?: readonly Listed[]
}

export interface TrainingReference {
  readonly name: string
  readonly layers: readonly object[]
  readonly inputs: Listed
  readonly labels: Listed
  /** The weights of each layer by its name. */
  readonly before: Readonly<Record<string, readonly Listed[]>>
  readonly losses: readonly number[]
  readonly after: Readonly<Record<string, readonly Listed[]>>
}

export interface KerasReference {
  readonly keras: string
  readonly layers: readonly LayerReference[]
  readonly training: readonly TrainingReference[]
}

const referencePath = fileURLToPath(new URL('./reference.golden.json', import.meta.url))

export function readReference(path = referencePath): KerasReference {
  return JSON.parse(readFileSync(path, 'utf8')) as KerasReference
}
