import { refuseTooLarge } from '../../runtime/data/memoryForecast.ts'
import { type DatasetSplits, withClasses } from '../../runtime/data/samples.ts'
import { readSynthetic, type SyntheticOptions } from './synthetic.run.ts'

/**
 * Generates samples by `readSynthetic`.
 *
 * @throws KnownError if the samples would not fit in memory.
 */
export async function loadSynthetic(options: SyntheticOptions): Promise<DatasetSplits> {
  const { shape, classes, train, test } = options
  const size = shape.reduce((product, length) => product * length, 1)
  refuseTooLarge(
    4 * ((train + test) * (size + 1) + (classes ?? 1) * size),
    `${train + test} synthetic samples of ${shape.join('x')}`,
  )
  return withClasses(await readSynthetic(options), classes)
}
