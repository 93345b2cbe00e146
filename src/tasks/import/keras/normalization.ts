/** `Normalization` of Keras: a mean and a variance for each value of the last axis, as a frozen normalization with these moments. */
import { isList, type Json } from '../readJson.ts'
import { unknownShape, type GivenLayer, type Step } from './layerForm.ts'
import type { StoredArray } from './storedArray.ts'

/** Where the variance is 0, Keras divides by 1e-7, and the layer by the root of this. */
const epsilon = 1e-14

export function normalizationStep({ config, place, inputs: [values], translation }: GivenLayer): Step {
  const { problems, hasWeights } = translation
  const { axis = -1, invert, mean } = config
  const axes = isList(axis) ? axis : [axis]
  const isLast = axes[0] === -1 || axes[0] === values?.length || values === unknownShape
  if (axes.length !== 1 || !isLast) {
    problems.add(`${place}: axis`, 'a mean for each value of the last axis can be imported, but no other')
  }
  if (invert === true) problems.add(`${place}: invert`, 'there is no option for true')
  if (isStated(mean) && !hasWeights) {
    const help = 'Import the model from a file with weights.'
    problems.add(`${place}: mean`, 'its mean and variance become weights, but the file has no weights', help)
  }
  return { type: 'batchNormalization', options: { epsilon, center: false, scale: false }, trainable: false }
}

/** The mean and the variance, which are in the config if they were not computed from samples, without the number of samples. */
export function normalizationArrays(
  stored: readonly StoredArray[],
  { mean, variance }: Readonly<Record<string, Json | undefined>>,
): readonly StoredArray[] {
  if (!isStated(mean)) return stored.slice(0, 2)
  return [
    { name: 'mean', values: numbersIn(mean) },
    { name: 'variance', values: numbersIn(variance) },
  ].map(({ name, values }) => ({ name, shape: [values.length], read: () => Float32Array.from(values) }))
}

function isStated(mean: Json | undefined): mean is Json {
  return mean !== undefined && mean !== null
}

/** The numbers in nested lists. */
function numbersIn(value: Json | undefined): number[] {
  const values: unknown[] = isList(value) ? value.flat(8) : [value]
  return values.filter((one) => typeof one === 'number')
}
