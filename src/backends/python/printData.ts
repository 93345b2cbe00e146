/** Prints the parts of a Python script that read the dataset and change its samples. */
import type { Call, Expression } from '../../language/expression.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { augmentationTable } from '../../parts/augmentations/table.ts'
import { lookUp } from '../../language/schema.ts'
import type { Spec } from '../../validation/spec.ts'
import { printCall } from './printCall.ts'
import { dataOf, printLiteral, snakeCase, type PythonValue } from './printLiteral.ts'

/** Whether an augmentation changes images, whose values are from 0 to 1, so that they are normalized afterwards. */
function isImageAugmented({ augment }: Spec): boolean {
  return augment.some(({ type }) => lookUp(augmentationTable, type).mixes !== true)
}

/** Whether inputs are normalized batch by batch, instead of by `load_data`. */
export function normalizesBatches(spec: Spec, { isStreamed, normalize }: ScriptExperiment): boolean {
  return normalize !== undefined && (isStreamed || isImageAugmented(spec))
}

/**
 * Prints the expression that reads the dataset at `args.data`: NumPy arrays of inputs, float32 with the channels last, and
 * labels, int32 classes or float32 values, by split: `train`, `validation`, `test`. For images that are read batch by batch,
 * inputs are paths.
 */
export function printDataset(spec: Spec, script: ScriptExperiment): string {
  const read = printCall(withoutForm(script.dataset).call, { folder: 'args.data', place: 'args.data' })
  return normalizesBatches(spec, script) ? read : withNormalization(read, script.normalize)
}

/** Prints `read_inputs`, which decodes the images of a batch; undefined if inputs are not images in files. */
export function printReader(script: ScriptExperiment): string | undefined {
  const { form } = withoutForm(script.dataset)
  if (form === undefined) return undefined
  return [
    'def read_inputs(paths: np.ndarray) -> np.ndarray:',
    '    """Decodes a batch of images."""',
    `    return decode_images(paths, ${form})`,
  ].join('\n')
}

function withNormalization(data: string, normalize: ScriptExperiment['normalize']): string {
  if (normalize === undefined) return data
  if (normalize === 'fitted') return `normalize_fitted(${data})`
  return `normalize(${data}, ${printLiteral(normalize.mean)}, ${printLiteral(normalize.std)})`
}

/** The code of the mean and standard deviation that batches are normalized with, measured on the training inputs of `data` if they are fitted. */
export function statisticsOf({ dataset, normalize }: ScriptExperiment): string {
  if (normalize !== undefined && normalize !== 'fitted')
    return [normalize.mean, normalize.std].map((values) => `np.array(${printLiteral(values)}, "float32")`).join(', ')
  const { form } = withoutForm(dataset)
  return form === undefined ? 'channel_statistics(data["train"][0])' : `measure_images(data["train"][0], ${form})`
}

/** Takes the size, channels and fit of images out of the call that lists their files. */
function withoutForm(dataset: Call): { readonly call: Call; readonly form: string | undefined } {
  let form: string | undefined
  const take = (expression: Expression): Expression => {
    if (expression.kind !== 'call') return expression
    const own = expression.args.find((arg) => arg.kind === 'record')
    if (own !== undefined && expression.callee === 'readImageFolder') {
      const fields = Object.entries(dataOf(own) as Record<string, PythonValue>)
      form = fields.map(([key, value]) => `${snakeCase(key)}=${printLiteral(value)}`).join(', ')
      return { ...expression, args: expression.args.filter((arg) => arg !== own) }
    }
    return { ...expression, args: expression.args.map(take) }
  }
  const call = take(dataset) as Call
  return { call, form }
}

/** Prints `augment`, which changes a batch of training samples; undefined if none are changed. */
export function printAugment({ augment }: Spec): string | undefined {
  if (augment.length === 0) return undefined
  const lines = augment.map(({ type, options }) => {
    const isMixed = lookUp(augmentationTable, type).mixes === true
    const named = Object.entries(options).map(
      ([key, value]) => `, ${snakeCase(key)}=${printLiteral(value as PythonValue)}`,
    )
    return isMixed
      ? `    inputs, labels = ${snakeCase(type)}(inputs, labels, rng${named.join('')})`
      : `    inputs = ${snakeCase(type)}(inputs, rng${named.join('')})`
  })
  return [
    'def augment(inputs: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> Samples:',
    '    """Changes the samples of a training batch at random."""',
    ...lines,
    '    return inputs, labels',
  ].join('\n')
}
