/** The part of a script that states how the network is trained, and what happens when the script is run. */
import type { StatementStructures } from 'ts-morph'
import { express, type Expression } from '../../language/expression.ts'
import type { Program, ProgramExperiment } from '../../program/program.ts'
import { expressionsIn } from './expressionsIn.ts'
import { printExpression, quote } from './printExpression.ts'
import { StructureKind, VariableDeclarationKind } from './tsMorph.ts'

/** The engine that a script starts. `auto` takes the fastest that works where the script runs. */
export type ScriptBackend = 'auto' | 'node' | 'wasm'

const startFunctions: Readonly<Record<ScriptBackend, string>> = {
  auto: 'startAutoEngine',
  node: 'startNodeEngine',
  wasm: 'startWasmEngine',
}

/** The lines that end a script: only there all that stands above has its value. */
export function startLines(backend: ScriptBackend): string {
  const start = 'if (isRunDirectly(import.meta.url)) void main()'
  return usesThreads(backend) ? `if (isReplicaOf(import.meta.url)) void serveReplica(experiment)\nelse ${start}` : start
}

/** The node engine has threads of its own. */
function usesThreads(backend: ScriptBackend): boolean {
  return backend !== 'node'
}

/** The declarations of the runtime that the text below uses. */
export function trainingNames(experiment: ProgramExperiment, backend: ScriptBackend): string[] {
  const { dataset, augment, optimizer, loss, metrics, schedule, callbacks } = experiment
  return [
    'runScript',
    'trainExperiment',
    'Experiment',
    'RunOptions',
    'TrainingResult',
    ...[dataset, augment, optimizer, loss, metrics, schedule, callbacks].flatMap((part) =>
      part ? runtimeNamesIn(part) : [],
    ),
    startFunctions[backend],
    ...(usesThreads(backend) ? ['replicaThreads', 'isReplicaOf', 'serveReplica'] : []),
    'isRunDirectly',
  ]
}

/** The declarations of the runtime that make layers. */
export function layerNames({ layers }: Program): string[] {
  return [...new Set(layers.flatMap((layer) => ('call' in layer ? runtimeNamesIn(layer.call) : [])))]
}

/** `experiment`, `train` and `main`. */
export function printTraining(
  name: string,
  {
    dataset,
    augment,
    optimizer,
    learningRate,
    loss,
    lossWeights,
    metrics,
    training,
    schedule,
    callbacks,
  }: ProgramExperiment,
  backend: ScriptBackend,
): StatementStructures[] {
  const start = startFunctions[backend]
  const initializer = [
    '{',
    `name: ${quote(name)},`,
    'buildModel,',
    `loadData: (${usesFolder(dataset) ? 'folder' : ''}) => ${printExpression(dataset)},`,
    ...(augment ? [`augment: ${printExpression(augment)},`] : []),
    `createOptimizer: (learningRate = ${printExpression(express(learningRate))}) => ${printExpression(optimizer)},`,
    `loss: ${printExpression(loss)},`,
    ...(lossWeights ? [`lossWeights: ${printExpression(lossWeights)},`] : []),
    `metrics: ${printExpression(metrics)},`,
    `training: ${printExpression(express(training))},`,
    ...(schedule ? [`schedule: ${printExpression(schedule)},`] : []),
    ...(callbacks ? [`createCallbacks: () => ${printExpression(callbacks)},`] : []),
    ...(usesThreads(backend) ? ['replicas: replicaThreads(import.meta.url),'] : []),
    '}',
  ].join('\n')
  return [
    {
      kind: StructureKind.VariableStatement,
      declarationKind: VariableDeclarationKind.Const,
      isExported: true,
      docs: ['The network, its data and how it is trained.'],
      declarations: [{ name: 'experiment', type: 'Experiment', initializer }],
    },
    {
      kind: StructureKind.Function,
      name: 'train',
      isExported: true,
      isAsync: true,
      docs: ['Trains a network from fresh weights; `options` says what to do differently than `experiment`.'],
      parameters: [{ name: 'options', type: 'RunOptions', initializer: '{}' }],
      returnType: 'Promise<TrainingResult>',
      statements: [`await ${start}()`, 'return await trainExperiment(experiment, options)'],
    },
    {
      kind: StructureKind.Function,
      name: 'main',
      isAsync: true,
      returnType: 'Promise<void>',
      statements: [`process.exitCode = await runScript(experiment, ${start}, process.argv.slice(2))`],
    },
  ]
}

/** The functions that an expression calls, other than those of TensorFlow.js. */
function runtimeNamesIn(expression: Expression): string[] {
  return expressionsIn(expression).flatMap((part) =>
    part.kind === 'call' && !part.callee.startsWith('tf.') ? [part.callee] : [],
  )
}

function usesFolder(expression: Expression): boolean {
  return expressionsIn(expression).some((part) => part.kind === 'reference' && part.name === 'folder')
}
