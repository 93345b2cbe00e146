import type { TrainingOptions } from '../training/experiment.ts'
import { type DatasetSplits, type Samples, splitForValidation } from './samples.ts'

/** The message if a dataset has no test samples. */
export const nothingToTest = 'The dataset has no test samples, so the network is not evaluated.'

/**
 * Splits off validation samples, and applies to all samples the transformation that is fitted to the training samples.
 * Idempotent.
 */
export function prepareSplits(
  { fit, ...data }: DatasetSplits,
  { validationSplit }: Pick<TrainingOptions, 'validationSplit'>,
): DatasetSplits {
  const { train, validation } = data.validation ? data : splitForValidation(data.train, validationSplit)
  const become = fit ? fit(train) : (samples: Samples) => samples
  return {
    ...data,
    train: become(train),
    ...(validation && { validation: become(validation) }),
    ...(data.test && { test: become(data.test) }),
  }
}
