/** Weighs the loss of each sample by its class. */
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { type Loss } from './loss.ts'
import { balancedWeights, weightedMean } from '../../script/classWeights.ts'
import { mapLogits } from './probabilityLogits.ts'

/** Weights by class name or index, 1 if absent; or `balanced`: the rarer a class, the larger its weight. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

/**
 * Multiplies the loss of each training sample by the weight of its class, and still divides by the number of samples:
 * `class_weight` of Keras (keras/src/trainers/data_adapters/data_adapter_utils.py, and `reduce_weighted_values` in
 * keras/src/losses/loss.py). Validation, tests and metrics count all classes the same.
 */
export function weighClasses(loss: Loss, weights: ClassWeights): Loss {
  const { ofLogits } = loss
  return {
    ...loss,
    ...(ofLogits && { ofLogits: mapLogits(ofLogits, (one) => weighClasses(one, weights)) }),
    fitted: {
      fit: (train, classNames) => {
        if (train.classes === undefined) {
          throw new KnownError(
            'training',
            '`classWeights` needs class labels, but the labels are values.',
            'Remove `classWeights`.',
          )
        }
        return weights === 'balanced'
          ? balancedWeights(train.labels, train.classes)
          : readWeights(weights, train.classes, classNames)
      },
      compute: (labels, predictions, numbers) =>
        tf.tidy(() => loss.compute(labels, predictions, (values) => weightedMean(values, labels, numbers))),
    },
  }
}

function readWeights(
  weights: Readonly<Record<string, number>>,
  classes: number,
  classNames: readonly string[],
): number[] {
  const numbers = Array.from({ length: classes }, () => 1)
  // If all class names are numbers, a numeric key is a name.
  const takesIndices = !classNames.every((name) => /^\d+$/.test(name))
  for (const [key, weight] of Object.entries(weights)) {
    const named = classNames.indexOf(key)
    const index = named < 0 && takesIndices && /^\d+$/.test(key) ? Number(key) : named
    if (index < 0 || index >= classes) {
      throw new KnownError(
        'training',
        `\`classWeights\` contains ${key}, which is not a class of the dataset.`,
        `The classes are ${classNames.length > 0 ? classNames.slice(0, 20).join(', ') : `0 to ${classes - 1}`}.`,
      )
    }
    numbers[index] = weight
  }
  return numbers
}
