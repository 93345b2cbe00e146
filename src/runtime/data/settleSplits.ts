import type { TrainingOptions } from '../training/experiment.ts'
import { type DatasetSplits, type Samples, splitForValidation } from './samples.ts'

/** What is said in place of an evaluation, where a dataset has nothing to evaluate on. */
export const nothingToTest = 'The dataset has no test samples, so the network is not evaluated.'

/**
 * Settles which samples train and which validate, and fits to those that train what the inputs of all become. To settle
 * what is settled changes nothing.
 */
export function settleSplits(
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
