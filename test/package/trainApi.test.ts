/** The example of docs/api.md for `shapewright/train`, run as a program that has the package; and a second TensorFlow.js. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it, vi } from 'vitest'
import { train, type Experiment } from '../../src/train.ts'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { tinyExperiment } from '../runtime/tinyExperiment.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/shapewright'), 'junction')
  writeFileSync(join(folder, 'samples.npy'), writeNpy('<f4', [2, 8, 8, 1], bytesOf(new Float32Array(2 * 64))))
})

it('trains, resumes and predicts as docs/api.md shows', () => {
  const section = readFileSync(join(root, 'docs/api.md'), 'utf8').split('## shapewright/train')[1]!
  writeFileSync(join(folder, 'example.mjs'), /```js\n([^]*?)```/.exec(section)![1]!)
  const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' })
  expect(printed).toMatch(/^\{ loss: \d.*accuracy: (1|0\.9\d*) \}\n/)
  expect(printed.match(/input: 'samples\.npy'/g)).toHaveLength(2)
})

it('refuses the model of a second copy of TensorFlow.js', async () => {
  // Each of its kernels says that there is one already.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const second = createRequire(import.meta.url)('@tensorflow/tfjs/dist/tf.js') as typeof import('@tensorflow/tfjs')
  const layers = [second.layers.dense({ name: 'answer', inputShape: [2], units: 2 })]
  const experiment: Experiment = tinyExperiment({ buildModel: () => second.sequential({ layers }) })
  await expect(train(experiment, { engine: 'cpu', out: join(folder, 'second') })).rejects.toMatchObject({
    code: 'engine',
    message: expect.stringContaining('this process has loaded a second copy'),
    help: expect.stringContaining("import { tf } from 'shapewright/train'"),
  })
})
