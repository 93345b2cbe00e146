/** Prints a script that uses `shapewright/train`: it states the network and the experiment, and imports the rest. */
import type { StructureList } from '../../compose/structure.ts'
import { express, type Expression } from '../../language/expression.ts'
import type { Program, ProgramExperiment } from '../../program/program.ts'
import type { ScriptBackend } from './emitOptions.ts'
import { expressionsIn } from './expressionsIn.ts'
import type { LinkedScript } from './linkScript.ts'
import type { PackageImport } from './resolver.ts'
import { printExpression, quote } from './printExpression.ts'
import { printModel } from './printModel.ts'

const module = 'shapewright/train'

/** Returns the imports and sections of the script, in the form of a linked script. */
export function packageSections(program: Program, backend: ScriptBackend, structure?: StructureList): LinkedScript {
  const { script: _standalone, ...stated } = program
  const { experiment, layers } = stated
  const calls = layers.flatMap((layer) => ('call' in layer ? [layer.call] : []))
  const functions = [
    ...new Set([...calls, ...(experiment ? expressionsOf(experiment) : [])].flatMap(functionsIn)),
    ...(experiment ? ['startScript'] : []),
  ]
  const imports: PackageImport[] = [
    ...['tf', ...functions].map((name) => ({ module, imported: name, local: name, isType: false })),
    ...(experiment ? [{ module, imported: 'Experiment', local: 'Experiment', isType: true }] : []),
  ]
  // Checkpoints and saved weights are matched by layer name, so all names are stated.
  const named = { ...stated, layers: layers.map((layer) => ({ ...layer, isNamed: true })) }
  const model = {
    title: 'Model',
    statements: [printModel(named, ['experiment', 'seed', '_seed', 'tf', ...functions], structure)],
  }
  if (!experiment) return { imports, sections: [model] }
  const engine = backend === 'auto' ? '' : `, ${quote(backend)}`
  return {
    imports,
    sections: [
      model,
      { title: 'Experiment', statements: [printExperiment(program, experiment)] },
      { title: '', statements: [`startScript(import.meta.url, experiment${engine})`] },
    ],
  }
}

function expressionsOf(experiment: ProgramExperiment): Expression[] {
  const { dataset, augment, optimizer, loss, metrics, schedule, callbacks } = experiment
  return [dataset, augment, optimizer, loss, metrics, schedule, callbacks].filter((part) => part !== undefined)
}

/** Returns the functions that an expression calls, except those of TensorFlow.js. */
function functionsIn(expression: Expression): string[] {
  return expressionsIn(expression).flatMap((part) =>
    part.kind === 'call' && !part.callee.startsWith('tf.') ? [part.callee] : [],
  )
}

function printExperiment({ name, flops }: Program, experiment: ProgramExperiment): string {
  const { dataset, augment, optimizer, learningRate, loss, lossWeights, metrics, training } = experiment
  const { schedule, callbacks, weights, learningRates } = experiment
  const folder = expressionsIn(dataset).some((part) => part.kind === 'reference') ? 'folder' : ''
  return [
    '/** The network, its data and how it is trained. */',
    'export const experiment: Experiment = {',
    `name: ${quote(name)},`,
    'buildModel,',
    ...(flops === undefined ? [] : [`flops: ${printExpression(express(flops))},`]),
    `loadData: (${folder}) => ${printExpression(dataset)},`,
    ...(augment ? [`augment: ${printExpression(augment)},`] : []),
    `createOptimizer: (learningRate = ${printExpression(express(learningRate))}) => ${printExpression(optimizer)},`,
    `loss: ${printExpression(loss)},`,
    ...(lossWeights ? [`lossWeights: ${printExpression(lossWeights)},`] : []),
    `metrics: ${printExpression(metrics)},`,
    `training: ${printExpression(express(training))},`,
    ...(schedule ? [`schedule: ${printExpression(schedule)},`] : []),
    ...(learningRates ? [`learningRates: ${printExpression(express(learningRates))},`] : []),
    ...(weights ? [`weights: ${printExpression(express({ ...weights }))},`] : []),
    ...(callbacks ? [`createCallbacks: () => ${printExpression(callbacks)},`] : []),
    '}',
  ].join('\n')
}
