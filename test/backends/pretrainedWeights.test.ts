/** Training that starts from a file of weights: each format, each way of training, and scripts. */
import * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { emitProgram } from '../../src/backends/typescript/emit.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { assignInitialWeights, readInitialWeights } from '../../src/runtime/runs/initialWeights.ts'
import { runExperiment } from '../../src/runtime/runs/runExperiment.ts'
import type { RunEnvironment } from '../../src/runtime/runs/runFolder.ts'
import { saveModel, weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { encodeTensorFile } from '../../src/runtime/runs/tensorFile.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { loadWeights, readModelWeights, readTensors } from '../../src/script/loadWeights.ts'
import { assignWeights } from '../../src/script/weightValues.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { dataPathsOf } from '../../src/tasks/sweep/dataRecords.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const body = `
dataset: { synthetic: { shape: [6, 4], classes: 3, train: 24, test: 6, seed: 1 } }
layers:
  - bidirectional: { name: both, layer: { gru: { units: 3, returnSequences: true } } }
  - batchNormalization: { name: norm, trainable: false }
  - repeat: { name: stage, times: 2, layers: [dense: { units: 6 }, dense: { units: 6 }] }
  - flatten
  - dense: { name: HEAD, units: 3, activation: softmax }
optimizer: sgd
loss: sparseCategoricalCrossentropy
training: { epochs: 1, batchSize: 8, seed: SEED }
`

function analyzed(seed: number, head: string, more = '') {
  const text = `name: example${body.replace('SEED', `${seed}`).replace('HEAD', head)}${more}`
  const analysis = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return lowerGraph(analysis.spec, analysis.shaped)
}

function weightsOf(model: tf.LayersModel): Record<string, number[]> {
  return Object.fromEntries(model.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]]))
}

let trained: Record<string, number[]>
beforeAll(async () => {
  await startEngine('wasm')
  const model = buildModel(analyzed(1, 'head'), 1)
  for (const weight of model.weights)
    (weight.read() as tf.Variable).assign(tf.randomUniform(weight.shape as number[], 0.1, 1))
  trained = weightsOf(model)
  await saveModel(model, join(folder, 'run/model'))
  cpSync(join(folder, 'run/model'), join(folder, 'plain'), { recursive: true })
  const tensors = model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape as number[],
    values: weight.read().dataSync() as Float32Array,
  }))
  const encode = (given: typeof tensors, metadata = {}) => Buffer.concat(encodeTensorFile({ tensors: given, metadata }))
  writeFileSync(join(folder, 'all.safetensors'), encode(tensors))
  writeFileSync(join(folder, 'sorted.safetensors'), encode(tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))))
  const saved = tensors.map((tensor) => ({ ...tensor, name: `weights/${tensor.name}` }))
  const others = { name: 'optimizer/0', shape: [1], values: new Float32Array(1) }
  const metadata = { format: 'shapewright checkpoint 1' }
  writeFileSync(join(folder, 'checkpoint.safetensors'), encode([...saved, others], metadata))
  const damaged = readFileSync(join(folder, 'all.safetensors'))
  damaged[damaged.length - 100]! ^= 1
  writeFileSync(join(folder, 'damaged.safetensors'), damaged)
  model.dispose()
}, 120_000)

const sources = ['run', 'plain', 'plain/model.json', 'all.safetensors', 'sorted.safetensors', 'checkpoint.safetensors']

describe('weights', () => {
  it.each(sources)('from %s are those that were saved, bit for bit, in `train` and in scripts', async (from) => {
    const program = analyzed(2, 'other', `weights: { from: ${from}, except: other }`)
    const { weights } = program.experiment!
    const [own, ofScript] = [buildModel(program, 2), buildModel(program, 2)]
    const initial = weightsOf(own)
    assignInitialWeights(own, weights!, await readInitialWeights(weights!))
    const read = from.endsWith('.safetensors') ? readTensors : readModelWeights
    loadWeights(ofScript, weights!.layers, read(weights!.from))
    const want = Object.fromEntries(
      Object.entries(initial).map(([name, values]) => [name, name.startsWith('other/') ? values : trained[name]]),
    )
    expect(weightsOf(own)).toEqual(want)
    expect(weightsOf(ofScript)).toEqual(want)
    own.dispose()
    ofScript.dispose()
  })

  it('of a damaged file are refused', async () => {
    const from = join(folder, 'damaged.safetensors')
    await expect(readInitialWeights({ from })).rejects.toMatchObject({ code: 'data/unreadable' })
    await expect(readInitialWeights({ from: join(folder, 'none') })).rejects.toMatchObject({ code: 'data/unreadable' })
  })

  it.each([
    ['none', readModelWeights, 'none cannot be read: ENOENT'],
    ['cut/model.json', readModelWeights, 'model.json cannot be read: weights.bin has 4 bytes instead of '],
    ['torn/model.json', readModelWeights, 'model.json cannot be read: '],
    ['cut.safetensors', readTensors, 'cut.safetensors cannot be read: it ends before '],
    ['torn.safetensors', readTensors, 'torn.safetensors cannot be read: '],
  ])('of the damaged file %s are refused by scripts, with its name and help', (from, read, message) => {
    cpSync(join(folder, 'plain'), join(folder, 'cut'), { recursive: true })
    writeFileSync(join(folder, 'cut/weights.bin'), 'abcd')
    mkdirSync(join(folder, 'torn'), { recursive: true })
    writeFileSync(join(folder, 'torn/model.json'), '{"weightsManifest"')
    writeFileSync(join(folder, 'cut.safetensors'), readFileSync(join(folder, 'all.safetensors')).subarray(0, -9))
    writeFileSync(join(folder, 'torn.safetensors'), readFileSync(join(folder, 'all.safetensors')).subarray(0, 30))
    const reading = () => read(join(folder, from))
    expect(reading).toThrow(message)
    expect(reading).toThrow(/Check the path of `weights` in the spec and compile it again.$/)
  })

  it('stay in frozen layers, and lead to the same loss in one thread and in two', { timeout: 240_000 }, async () => {
    const program = analyzed(2, 'other', 'weights: { from: run, except: other }')
    const losses: number[] = []
    for (const threads of [1, 2]) {
      const experiment = interpretProgram(program)
      const { model, history } = await trainExperiment(experiment, { training: { threads } })
      expect(weightsOf(model)).toMatchObject({
        'norm/gamma': trained['norm/gamma'],
        'norm/moving_mean': trained['norm/moving_mean'],
      })
      losses.push(history[0]!.loss)
      model.dispose()
      await experiment.replicas?.release()
    }
    expect(losses[1]! / losses[0]!).toBeCloseTo(1, 5)
  })

  it('are recorded by a run, and not read again when it is resumed', { timeout: 120_000 }, async () => {
    cpSync(join(folder, 'run'), join(folder, 'moved'), { recursive: true })
    const program = analyzed(2, 'other', 'weights: { from: moved, except: other }')
    const training = { epochs: 2 }
    const whole = await trainExperiment(interpretProgram(program), { training })
    const want = weightsOf(whole.model)
    const { signal } = new AbortController()
    const request = { engine: 'wasm', root: join(folder, 'runs'), signal, training } as const
    const begun = await runExperiment(interpretProgram(program), { ...request, stopAfter: 1 })
    const environment = JSON.parse(readFileSync(join(begun.folder, 'environment.json'), 'utf8')) as RunEnvironment
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, 'run/model/weights.bin')))
      .digest('hex')
    expect(environment.weights).toEqual({ from: join(folder, 'moved'), sha256 })
    rmSync(join(folder, 'moved'), { recursive: true })
    const resumed = await runExperiment(interpretProgram(program), { ...request, resume: begun.folder })
    const model = buildModel(program, 2)
    assignWeights(
      model,
      Object.values(want).map((values) => Float32Array.from(values)),
    )
    expect(resumed.digest).toBe(weightsDigest(model))
    model.dispose()
    whole.model.dispose()
    await expect(runExperiment(interpretProgram(program), request)).rejects.toThrow('moved was not found')
  })

  it('are data of a sweep', () => {
    const text = `name: example${body.replace('SEED', '1').replace('HEAD', 'head')}weights: { from: run }`
    const { spec } = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost })
    expect(dataPathsOf(spec)).toEqual([join(folder, 'run/model')])
  })

  it('are loaded by scripts, which name the layers that take them', async () => {
    const program = analyzed(2, 'head', "weights: { from: run, layers: ['both', 'stage*', head] }")
    const options = { specFile: 'spec.yaml', specText: '', settings: [], version: '0', backend: 'auto' } as const
    const [standalone, inPackage] = await Promise.all([
      emitProgram(program, options),
      emitProgram(program, { ...options, runtime: 'package' }),
    ])
    const layers = /loadWeights\(\s*model,\s*(\[[^\]]*\]),\s*readModelWeights\('/
      .exec(standalone.text)?.[1]
      ?.replaceAll(/\s+/g, ' ')
    expect(layers).toContain("'both'")
    expect(layers).toContain("'head_logits'")
    for (const [, name] of layers!.matchAll(/'([^']+)'/g)) expect(standalone.text).toContain(`name: '${name}'`)
    expect(inPackage.text.replaceAll(/\s+/g, ' ')).toMatch(/weights: \{ from: '.*run', layers: \[/)
  })
})
