/** Scripts for `shapewright/train`: short, well typed, and bit-equal to `train`. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { createScriptFolder, importScript, lowerVariant, noiseData, variants, type Variant } from './variants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = createScriptFolder('package')
const configs = readdirSync(join(root, 'configs')).filter((name) => name.endsWith('.yaml'))
const specs: Readonly<Record<string, Variant>> = {
  ...variants,
  ...Object.fromEntries(
    configs.map((name) => [name, { backend: 'auto', spec: readFileSync(join(root, 'configs', name), 'utf8') }]),
  ),
}
const trainable = Object.entries(specs).filter(([, spec]) => lowerVariant(spec).experiment && spec.language !== 'js')
const paths = new Map<string, string>()

beforeAll(async () => {
  await startEngine('wasm')
  for (const [name, spec] of trainable) paths.set(name, await folder.compile(spec))
})
afterAll(() => folder.remove())

/** What a run on noise gives: the digest of the weights, and the logs. */
async function train(experiment: Experiment, sampleShape: readonly number[]): Promise<object> {
  const data = noiseData(sampleShape)
  const { model, history } = await trainExperiment(experiment, { data, training: { epochs: 1 } })
  const digest = weightsDigest(model)
  model.dispose()
  return { digest, logs: history.map((logs) => ({ ...logs, seconds: 0, imagesPerSecond: 0 })) }
}

describe('scripts for the package', () => {
  it('have at most 90 lines for MNIST', () => {
    expect(readFileSync(paths.get('mnist-cnn.yaml')!, 'utf8').split('\n').length).toBeLessThanOrEqual(90)
  })

  it('pass the compiler at its strictest', () => {
    const config = join(folder.path, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', config, '--singleThreaded'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
  })

  it.each(trainable.map(([name]) => name))('train as `train` does, to the last bit: %s', async (name) => {
    const program = lowerVariant(specs[name]!)
    const { experiment } = await importScript(paths.get(name)!)
    const shape = experiment.buildModel(1).inputs[0]!.shape.slice(1) as number[]
    expect(await train(experiment, shape)).toEqual(await train(interpretProgram(program), shape))
  })
})
