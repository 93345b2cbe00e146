/** Builds the network of a Keras model, and gives it the weights of its file. */
import type { ReadNetwork } from '../importedNetwork.ts'
import { ImportProblems } from '../importError.ts'
import { NetworkBuilder } from '../networkBuilder.ts'
import type { Json } from '../readJson.ts'
import { flattenModel } from './flattenModel.ts'
import { misread, readKerasModel, type Dialect, type KerasModel } from './kerasModel.ts'
import { assignWeights, type WeightedLeaf, type WeightSource } from './assignWeights.ts'
import { layerTranslation } from './translateLayer.ts'

export interface KerasSource {
  /** The description of the model: `{ class_name, config }`. */
  readonly description: Json | undefined
  readonly dialect: Dialect
  /** The path of the file, for messages. */
  readonly file: string
  /** Opens the weights of the file, once the number of parameters is known; absent for a file without weights. */
  openWeights?(model: KerasModel, parameters: number): Promise<OpenedWeights>
}

export interface OpenedWeights {
  readonly source: WeightSource
  close?(): void
}

/** @throws KnownError if the file is damaged. */
export async function buildNetwork({ description, dialect, file, openWeights }: KerasSource): Promise<ReadNetwork> {
  const model = readKerasModel(description, file)
  if (model.layers.length === 0) throw misread(file, 'its model has no layers')
  const problems = new ImportProblems()
  const builder = new NetworkBuilder(problems)
  const translation = layerTranslation({ dialect, problems, hasWeights: openWeights !== undefined })
  const { outputs, leaves, augmentations } = flattenModel(model, builder, translation, file)
  const network = { name: model.name, layers: builder.layers, outputs, weights: new Map() }
  const remarks = augmentations.length === 0 ? [] : [augmentationRemark(augmentations)]
  // Weights are not read for a network that cannot be imported anyway.
  if (problems.list.length > 0 || openWeights === undefined) return { network, problems: problems.list, remarks }
  const weighted = leaves.map((leaf): WeightedLeaf => ({ ...leaf, expected: builder.weights.get(leaf.name)! }))
  const opened = await openWeights(model, countParameters(weighted))
  try {
    const weights = assignWeights(weighted, opened.source, problems)
    return { network: { ...network, weights }, problems: problems.list, remarks }
  } finally {
    opened.close?.()
  }
}

function augmentationRemark(names: readonly string[]): string {
  const list = names.map((name) => `\`${name}\``).join(', ')
  return `Left out, since it changes nothing in prediction: ${list}. State \`augment\` in the spec to change training samples.`
}

function countParameters(leaves: readonly WeightedLeaf[]): number {
  const sizes = leaves.flatMap(({ expected }) => expected.map(({ shape }) => shape.reduce((all, one) => all * one, 1)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The dialect of the version that a file states: `3.15.1`, `2.13.0` or `tfjs-layers 4.22.0`. */
export function dialectOf(version: Json | undefined): Dialect {
  const text = typeof version === 'string' ? version : ''
  if (text.startsWith('tfjs')) return 'tfjs'
  return /^[3-9]\./.test(text) ? 'keras3' : 'keras2'
}
