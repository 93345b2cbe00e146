import { readMnistFiles } from './idx.run.ts'
import type { Data } from '../../script/samples.ts'

/** Fashion-MNIST: 60,000 images of clothes to train on and 10,000 to test, 28x28x1. */
export async function readFashionMnist(folder = 'data/fashion-mnist'): Promise<Data> {
  const home = 'https://github.com/zalandoresearch/fashion-mnist'
  return await readMnistFiles(
    folder,
    `Download the four files of ${home} to ${folder}, or name their folder with --data.`,
  )
}
