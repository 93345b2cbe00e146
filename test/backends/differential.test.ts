import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { afterAll, describe, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment, type TrainingResult } from '../../src/runtime/training/trainingLoop.ts'
import { readEvents, type ReadEvent } from '../runtime/callbacks/readEvents.ts'
import { createScriptFolder, importScript, lowerVariant, noiseData, variants, type Variant } from './variants.ts'

const folder = createScriptFolder()
afterAll(() => folder.remove())

const configs = fileURLToPath(new URL('../../configs', import.meta.url))
const cases: [string, Variant][] = [
  ...readdirSync(configs)
    .filter((name) => name.endsWith('.yaml'))
    .map((name): [string, Variant] => [
      basename(name, '.yaml'),
      { backend: 'wasm', spec: readFileSync(`${configs}/${name}`, 'utf8') },
    ]),
  ...Object.entries(variants).map(([name, variant]): [string, Variant] => [name, { ...variant, backend: 'wasm' }]),
]

/** Weights bit for bit, and what was reported but for times. */
function outcome({ model, history, steps }: TrainingResult) {
  const logs = history.map((epoch) => ({ ...epoch, seconds: 0, imagesPerSecond: 0 }))
  const digest = weightsDigest(model)
  model.dispose()
  return { digest, logs, steps }
}

/** The lines of `metrics.csv` without the columns of times. */
function readTable(path: string): string[] {
  const lines = readFileSync(join(path, 'metrics.csv'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => line.split(';').with(3, '-').with(4, '-').join(';'))
}

function withoutTimes({ step, scalars }: ReadEvent) {
  return { step, scalars: { ...scalars, epoch_seconds: 0, epoch_imagesPerSecond: 0 } }
}

describe('the interpreter and the compiled script give the same weights', () => {
  it.each(cases.filter(([, { spec }]) => spec.includes('dataset:')))('%s', async (_name, variant) => {
    await startEngine('wasm')
    const program = lowerVariant(variant)
    const data = noiseData(/Mnist/.test(program.experiment!.dataset.callee) ? [28, 28, 1] : [32, 32, 3])
    const options = { data, training: { epochs: 2, batchSize: 16 } }
    const interpreted = outcome(await trainExperiment(interpretProgram(program), options))
    const script = await importScript(await folder.compile(variant))
    expect(outcome(await script.train(options))).toEqual(interpreted)
    const { buildModel, ...rest } = script.experiment
    expect(rest.training).toEqual(program.experiment?.training)
    expect(rest.name).toBe(program.name)
    expect(buildModel(1).toJSON()).toEqual(interpretProgram(program).buildModel(1).toJSON())
  })

  it('and are stopped alike by callbacks', async () => {
    await startEngine('wasm')
    const variant = variants['callbacks']!
    const data = noiseData([28, 28, 1])
    const whole = await trainExperiment(interpretProgram(lowerVariant(variant)), { data })
    const script = await importScript(await folder.compile(variant))
    const compiled = await script.train({ data })
    expect(whole.stopped).toMatch(
      /^earlyStopping: val_loss was best in epoch \d+, and no better in the \d+ epochs? since/,
    )
    expect(compiled.stopped).toBe(whole.stopped)
    expect(whole.history.length).toBeLessThan(20)
    expect(outcome(compiled)).toEqual(outcome(whole))
  })

  it('and write the same logs for people and programs', async () => {
    await startEngine('wasm')
    const variant = variants['logged']!
    const data = noiseData([28, 28, 1])
    const folders = ['interpreted', 'compiled'].map((name) => join(folder.path, name))
    for (const path of folders) mkdirSync(path)
    const program = lowerVariant(variant)
    const interpreted = await trainExperiment(interpretProgram(program), { data, folder: folders[0]! })
    const script = await importScript(await folder.compile(variant))
    expect(outcome(await script.train({ data, folder: folders[1]! }))).toEqual(outcome(interpreted))
    const [ofInterpreter, ofScript] = folders.map((path) => ({
      files: readdirSync(path).toSorted(),
      table: readTable(path),
      curves: ['train', 'validation'].map((curve) => readEvents(path, curve).map(withoutTimes)),
    }))
    expect(ofScript).toEqual(ofInterpreter)
    expect(ofScript!.files).toEqual(['checkpoints', 'metrics.csv', 'metrics.jsonl', 'tensorboard'])
    expect(ofScript!.table[0]).toBe('epoch;loss;accuracy;-;-;val_loss;val_accuracy')
    expect(ofScript!.table).toHaveLength(3)
    expect(ofScript!.curves.map((events) => events.length)).toEqual([3, 3])
  })

  it('and say alike where numbers end', async () => {
    await startEngine('wasm')
    const variant = variants['logged']!
    const options = { data: noiseData([28, 28, 1]), training: { learningRate: 1e39 } }
    const failures = [
      await trainExperiment(interpretProgram(lowerVariant(variant)), options).catch((error: unknown) => error),
      await (await importScript(await folder.compile(variant))).train(options).catch((error: unknown) => error),
    ].map((error) => (error instanceof Error ? { ...error, message: error.message } : error))
    expect(failures[1]).toEqual(failures[0])
    expect(failures[0]).toMatchObject({
      code: 'training',
      message: expect.stringMatching(/^The (loss|weights) became .* in step \d+ of epoch 1: it began in .*\.$/),
      help: expect.stringContaining('ower the learning rate'),
    })
  })

  it('with another learning rate', async () => {
    await startEngine('wasm')
    const variant = variants['sparse']!
    const options = { data: noiseData([32, 32, 3]), training: { learningRate: 0.003 } }
    const program = lowerVariant({ ...variant, backend: 'wasm' })
    const own = outcome(await trainExperiment(interpretProgram(program), { data: options.data }))
    const interpreted = outcome(await trainExperiment(interpretProgram(program), options))
    const stated = variant.spec.replace('momentum: {', 'momentum: { learningRate: 0.003,')
    const restated = interpretProgram(lowerVariant({ ...variant, spec: stated }))
    const script = await importScript(await folder.compile({ ...variant, backend: 'wasm' }))
    expect(outcome(await script.train(options))).toEqual(interpreted)
    expect(outcome(await trainExperiment(restated, { data: options.data }))).toEqual(interpreted)
    expect(own.digest).not.toBe(interpreted.digest)
  })

  it.each(['ts', 'js'] as const)('in a single file: %s', async (language) => {
    await startEngine('wasm')
    const alone = createScriptFolder()
    try {
      const variant: Variant = { ...variants['names']!, language, singleFile: true }
      const options = { data: noiseData([28, 28, 1]), training: { epochs: 1, batchSize: 16 } }
      const interpreted = outcome(await trainExperiment(interpretProgram(lowerVariant(variant)), options))
      const path = await alone.compile(variant)
      expect(readdirSync(alone.path)).toEqual([basename(path)])
      expect(outcome(await (await importScript(path)).train(options))).toEqual(interpreted)
      const text = readFileSync(path, 'utf8')
      expect(text).toContain(' --single-file\n')
      expect(await format(text, { parser: 'babel-ts', semi: false, singleQuote: true, printWidth: 120 })).toBe(text)
    } finally {
      alone.remove()
    }
  })

  it.each(['normalized', 'heads', 'scheduled', 'treated', 'balanced', 'mixed'])('in two threads: %s', async (name) => {
    await startEngine('wasm')
    const variant = variants[name]!
    const options = { data: noiseData([28, 28, 1]), training: { epochs: 2, batchSize: 16, threads: 2 } }
    const alone = { ...options, training: { ...options.training, threads: 1 } }
    const interpreted = outcome(await trainExperiment(interpretProgram(lowerVariant(variant)), options))
    const script = await importScript(await folder.compile(variant))
    expect(outcome(await script.train(options))).toEqual(interpreted)
    expect(outcome(await script.train(alone)).digest).not.toBe(interpreted.digest)
  })
})
