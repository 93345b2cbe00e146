import * as tf from '@tensorflow/tfjs'
import { type Samples } from '../data/samples.ts'
import { type Average, type Loss } from './loss.ts'
import { mapLogits } from './probabilityLogits.ts'
import { TrainingError } from './trainingError.ts'

/** By the name of a class or its index; a class that is not there counts 1. Or as often as classes are rare. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

/**
 * A loss in which training multiplies what each sample costs by the weight of its class, and still divides by the number
 * of samples: `class_weight` of Keras (keras/src/trainers/data_adapters/data_adapter_utils.py, and
 * `reduce_weighted_values` in keras/src/losses/loss.py). Validation, tests and metrics count all classes the same.
 * `balanced` is samples / (classes * samples of the class), over the classes that occur, as in scikit-learn
 * (sklearn/utils/class_weight.py).
 */
export function weighClasses(loss: Loss, weights: ClassWeights): Loss {
  const { ofLogits } = loss
  return {
    ...loss,
    ...(ofLogits && { ofLogits: mapLogits(ofLogits, (one) => weighClasses(one, weights)) }),
    fitted: {
      fit: (train, classNames) => {
        if (train.classes === undefined) {
          throw new TrainingError('Labels that are values have no classes to weigh.', 'Leave `classWeights` out.')
        }
        return weights === 'balanced' ? balanceClasses(train) : readWeights(weights, train.classes, classNames)
      },
      compute: (labels, predictions, numbers) =>
        tf.tidy(() => loss.compute(labels, predictions, averageByClass(labels, numbers))),
    },
  }
}

function balanceClasses({ labels, count, classes = 0 }: Samples): number[] {
  const counts = Array.from({ length: classes }, () => 0)
  for (let sample = 0; sample < count; sample++) counts[labels[sample]!]!++
  const occurring = counts.filter((one) => one > 0).length
  return counts.map((one) => (one === 0 ? 1 : count / (occurring * one)))
}

function readWeights(
  weights: Readonly<Record<string, number>>,
  classes: number,
  classNames: readonly string[],
): number[] {
  const numbers = Array.from({ length: classes }, () => 1)
  // Where classes are called by numbers, a number is a name.
  const takesIndices = !classNames.every((name) => /^\d+$/.test(name))
  for (const [key, weight] of Object.entries(weights)) {
    const named = classNames.indexOf(key)
    const index = named < 0 && takesIndices && /^\d+$/.test(key) ? Number(key) : named
    if (index < 0 || index >= classes) {
      throw new TrainingError(
        `\`classWeights\` holds ${key}, which is no class of the data set.`,
        `Its classes: ${classNames.length > 0 ? classNames.slice(0, 20).join(', ') : `0 to ${classes - 1}`}.`,
      )
    }
    numbers[index] = weight
  }
  return numbers
}

/** The mean of values that are multiplied by the weight of their sample; the class of mixed labels is that of the most. */
function averageByClass(labels: tf.Tensor, weights: readonly number[]): Average {
  return (values) => {
    const classes = labels.rank > 1 ? tf.argMax(labels, -1) : tf.cast(labels, 'int32')
    const own = tf.gather(tf.tensor1d([...weights], 'float32'), classes)
    return tf.mean(tf.mul(values, tf.reshape(own, [own.size, ...values.shape.slice(1).map(() => 1)])))
  }
}
