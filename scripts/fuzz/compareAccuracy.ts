/** Compares the test accuracy of MNIST after one epoch: the compiled script, run as users run it, against `train`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkText } from '../../src/analyze.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { tryEngine, type ParityEngine } from './compareBackEnds.ts'

export type AccuracyComparison =
  | { readonly absent: string; readonly train?: never; readonly script?: never }
  | { readonly absent?: never; readonly train: number; readonly script: number }

export async function compareAccuracy(engine: ParityEngine): Promise<AccuracyComparison> {
  const absent = await tryEngine(engine)
  if (absent !== undefined) return { absent }
  const specText = readFileSync(new URL('../../configs/mnist-cnn.yaml', import.meta.url), 'utf8')
  const { spec, shaped } = checkText(specText, 'mnist-cnn.yaml')
  const program = lowerGraph(spec, shaped)
  return { train: await accuracyOfTrain(program), script: await accuracyOfScript(program, specText, engine) }
}

async function accuracyOfTrain(program: Program): Promise<number> {
  const experiment = interpretProgram(program)
  const data = await experiment.loadData()
  const { model } = await trainExperiment(experiment, { data, training: { epochs: 1, threads: 1 } })
  const logs = await evaluateModel(model, data.test!, experiment, experiment.training.batchSize)
  model.dispose()
  return logs['accuracy']!
}

async function accuracyOfScript(program: Program, specText: string, backend: ParityEngine): Promise<number> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const folder = mkdtempSync(join(root, 'test/backends/.scripts-'))
  try {
    const options = { backend, specFile: 'mnist-cnn.yaml', specText, version: '0.0.0' } as const
    const { fileName, text, assets } = await createEmitter().emitProgram(program, options)
    for (const file of [{ fileName, content: text }, ...assets]) {
      mkdirSync(dirname(join(folder, file.fileName)), { recursive: true })
      writeFileSync(join(folder, file.fileName), file.content)
    }
    const given = ['--import', 'tsx', join(folder, fileName), '--epochs', '1', '--out', join(folder, 'run')]
    const output = execFileSync(process.execPath, given, { cwd: root, encoding: 'utf8' })
    return Number(/^test .*accuracy ([\d.]+)/m.exec(output)?.[1])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
