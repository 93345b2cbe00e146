/** Runs a program in this process: evaluates its expressions against TensorFlow.js and the runtime. */
import * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../language/expression.ts'
import type { Program, ProgramData } from '../../program/program.ts'
import type { Callback } from '../../runtime/training/callback.ts'
import type { SampleChange } from '../../script/augmentation.ts'
import type { DatasetSplits } from '../../runtime/data/samples.ts'
import type { Experiment, ReplicatedExperiment } from '../../runtime/training/experiment.ts'
import type { UpdateRule } from '../../script/updateRule.ts'
import type { Objective } from '../../runtime/training/objective.ts'
import type { Schedule } from '../../script/schedule.ts'
import { replicaThreads } from '../../runtime/threads/replicaThreads.ts'
import * as callables from '../generated/callables.ts'
import { evaluateExpression, type ExpressionScope } from './evaluateExpression.ts'
import { replicaModule } from './replicaModule.ts'

/** Evaluates the dataset and the augmentation of a program; neither depends on the seed. */
export function interpretData({ dataset, augment }: ProgramData): Pick<Experiment, 'loadData' | 'augment'> {
  return {
    loadData: (folder) => evaluate(dataset, { seed: 0, folder }) as Promise<DatasetSplits>,
    ...(augment && { augment: evaluate(augment, { seed: 0 }) as SampleChange }),
  }
}

/**
 * Evaluates the experiment of a program, for the training loop of the runtime.
 *
 * @throws RangeError if the program has no experiment.
 */
export function interpretProgram(program: Program): ReplicatedExperiment {
  const { experiment } = program
  if (experiment === undefined) throw new RangeError('this program states no experiment')
  const { loss, lossWeights, metrics, schedule, callbacks, weights, learningRates } = experiment
  const constant: ExpressionScope = { seed: experiment.training.seed }
  return {
    name: program.name,
    buildModel: (seed) => buildModel(program, seed),
    ...(program.flops !== undefined && { flops: program.flops }),
    ...interpretData(experiment),
    createOptimizer: (learningRate = experiment.learningRate) =>
      evaluate(experiment.optimizer, { ...constant, learningRate }) as UpdateRule,
    loss: evaluate(loss, constant) as Objective['loss'],
    ...(lossWeights && { lossWeights: evaluate(lossWeights, constant) as NonNullable<Objective['lossWeights']> }),
    metrics: evaluate(metrics, constant) as Objective['metrics'],
    training: experiment.training,
    ...(schedule && { schedule: evaluate(schedule, constant) as Schedule }),
    ...(weights && { weights }),
    ...(learningRates && { learningRates }),
    ...(callbacks && { createCallbacks: () => evaluate(callbacks, constant) as Callback[] }),
    replicas: replicaThreads(replicaModule(), program),
  }
}

/** Builds the untrained network of a program; initial weights follow from `seed`. */
export function buildModel(program: Program, seed: number): tf.LayersModel {
  const tensors = new Map<string, tf.SymbolicTensor>()
  const made = new Map<string, tf.layers.Layer>()
  for (const layer of program.layers) {
    const { name } = layer
    const result = 'call' in layer ? evaluate(layer.call, { seed }) : made.get(layer.applies)
    if (!layer.isUsed) made.set(name, result as tf.layers.Layer)
    else if (layer.inputs.length === 0) tensors.set(name, result as tf.SymbolicTensor)
    else {
      const applied = result as tf.layers.Layer
      made.set(name, applied)
      const inputs = layer.inputs.map((input) => tensors.get(input)!)
      tensors.set(name, applied.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor)
    }
  }
  const pick = (names: readonly string[]) => names.map((name) => tensors.get(name)!)
  return tf.model({ name: program.name, inputs: pick(program.inputs), outputs: pick(program.outputs) })
}

function evaluate(expression: Expression, scope: ExpressionScope): unknown {
  return evaluateExpression(expression, scope, resolveCallee)
}

/** Resolves `tf.layers.conv2d` to that function, bound to `tf.layers`, and any other name to a function of the runtime. */
function resolveCallee(path: string): (...args: unknown[]) => unknown {
  const [root, ...steps] = path.split('.')
  let holder: unknown
  let value: unknown = root === 'tf' ? tf : (callables as Readonly<Record<string, unknown>>)[root ?? '']
  for (const step of steps) [holder, value] = [value, (value as Record<string, unknown>)[step]]
  if (typeof value !== 'function') throw new TypeError(`there is no function ${path}`)
  return (value as (...args: unknown[]) => unknown).bind(holder)
}
