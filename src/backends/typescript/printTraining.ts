/** Prints the part of a script that trains: the measures of a batch, a step, the loop and the evaluation. */
import { express, type Call } from '../../language/expression.ts'
import type { Program } from '../../program/program.ts'
import type { ScriptedOutput } from '../../program/lowerOutput.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { linesOfLoop, type FeatureLines } from './loopFeatures.ts'
import { printExpression, quote } from './printExpression.ts'
import { printMeasure } from './printMeasure.ts'

/** Prints `training`, `train`, `trainStep`, `createTrainer`, `measure` and `evaluate`. */
export function printTraining(program: Program, script: ScriptExperiment): string {
  const features = linesOfLoop(program)
  return [
    printOptions(program, script),
    printLoop(script, features),
    printStep(script, features),
    ...(features.at('inputs').length > 0 ? [printPreparation(script, features)] : []),
    printTrainer(script, features),
    printMeasure(program, script, features.at('penalties')),
    printEvaluation(script, features),
  ]
    .map((code) => code.replaceAll(/\n\s*\n/g, '\n'))
    .join('\n\n')
}

function printOptions({ experiment }: Program, { training: { epochs, batchSize, seed } }: ScriptExperiment): string {
  const { learningRate } = experiment!
  return `export const training: Training = ${JSON.stringify({ epochs, batchSize, learningRate, seed })}`
}

function printLoop(script: ScriptExperiment, { at, constants, usesPosition }: FeatureLines): string {
  const isPrepared = at('inputs').length > 0
  const usesStep = isPrepared || usesPosition
  const position = usesPosition ? ', { step, stepsPerEpoch, epochs }' : ''
  const body = `const { count } = data.train
  ${usesStep ? 'const stepsPerEpoch = Math.ceil(count / batchSize)' : ''}
  ${Object.entries(constants)
    .map(([name, value]) => `const ${name} = ${printExpression(value)}`)
    .join('\n')}
  ${at('beforeTraining').join('\n')}
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = ${script.training.shuffle ? 'shuffledIndices(count, seed, epoch)' : 'sequentialIndices(count)'}
    const logs: Logs = {}
    const started = performance.now()
    for (let start = 0; start < count; start += batchSize) {
      const indices = order.subarray(start, start + batchSize)
      ${usesStep ? 'const step = (epoch - 1) * stepsPerEpoch + start / batchSize' : ''}
      const batch = ${batchOf(script, isPrepared, 'data.train', 'step')}
      trainStep(trainer, batch, logs, indices.length / count${position})
      tf.dispose(batch)
      showProgress(\`epoch \${epoch}/\${epochs}  \${start}/\${count}\`)
      await new Promise(setImmediate) // for Ctrl-C to be heard
      if (signal.aborted) return
    }
    const seconds = (performance.now() - started) / 1000
    ${at('afterEpoch').join('\n')}
    if (!Number.isFinite(logs['loss'])) throw new Error(\`the loss became \${logs['loss']}: lower --learning-rate\`)
    appendFileSync(join(folder, 'metrics.jsonl'), \`\${JSON.stringify({ epoch, ...logs, seconds })}\\n\`)
    showProgress(\`epoch \${epoch}/\${epochs}\${formatLogs(logs)}  \${Math.round(count / seconds)} samples/s\`, true)
    ${at('nextEpoch').join('\n')}
    ${at('stop').join('\n')}
  }
  ${at('afterTraining').join('\n')}`
  // A script that neither shuffles nor draws random numbers does not use the seed.
  const seed = /\bseed\b/.test(body) ? ', seed' : ''
  return `/** Trains until the last epoch, or until \`signal\` says to stop. The logs of each epoch go to metrics.jsonl in \`folder\`. */
export async function train(trainer: Trainer, data: Data, options: Training, folder: string, signal: AbortSignal) {
  const { epochs, batchSize${seed} } = options
  ${body}
}`
}

function printStep({ outputs }: ScriptExperiment, { trainer, at, treat, usesPosition }: FeatureLines): string {
  const own = ['network', 'variables', 'optimizer', 'classWeights']
  const gradients = treat('grads')
  const body = [...at('beforeStep'), ...at('beforeUpdate'), ...at('afterStep'), gradients].join(' ')
  const isUsed = (name: string) => own.includes(name) || new RegExp(`\\b${name}\\b`).test(body)
  const fields = [...own.slice(0, 3), ...Object.keys(trainer).filter(isUsed)].join(', ')
  // With the position as well, the line would be too long.
  const given = usesPosition ? 'trainer' : `{ ${fields} }`
  const position = usesPosition ? ', position: RunPosition' : ''
  const weights = 'classWeights' in trainer ? ', classWeights' : ''
  return `/** One step of gradient descent. The batch is a \`share\` of the samples that \`logs\` are about. */
export function trainStep(${given}: Trainer, batch: Batch, logs: Logs, share: number${position}) {
  ${usesPosition ? `const { ${fields} } = trainer` : ''}
  tf.tidy(() => {
    ${at('beforeStep').join('\n')}
    const { grads } = tf.variableGrads(() => {
      const measures = measure(network, batch, true${weights})
      ${adderOf(outputs)}(logs, measures, share)
      return measures.loss
    }, variables)
    ${at('beforeUpdate').join('\n')}
    optimizer.applyGradients(${gradients})
    ${at('afterStep').join('\n')}
  })
}`
}

/** Returns the name of the function that adds the measures of a batch to the logs. */
function adderOf(outputs: readonly ScriptedOutput[]): string {
  return outputs.some(({ metrics }) => metrics.some(({ isCounted }) => isCounted)) ? 'addCountedMeasures' : 'addMeans'
}

/** Prints `prepareBatch`, which preprocesses samples for training and evaluation. */
function printPreparation({ mixes, classes, isStreamed }: ScriptExperiment, { trainer, at }: FeatureLines): string {
  const lines = at('inputs').join('\n')
  const fields = Object.keys(trainer).filter((name) => new RegExp(`\\b${name}\\b`).test(lines))
  const step = /\bstep\b/.test(lines)
  const [start, result] = isStreamed ? ['async function', 'Promise<Batch>'] : ['function', 'Batch']
  return `/** Reads a batch by sample index and prepares it for the network${step ? '; a training `step` augments it' : ''}. */
${start} prepareBatch({ ${fields.join(', ')} }: Trainer, samples: Samples, indices: Int32Array, ${step ? 'step' : '_step'}?: number): ${result} {
  const inputs = ${isStreamed ? 'await readImages' : 'gatherInputs'}(samples, indices)
  ${mixes ? `const parts = partsOfClasses(samples, indices, ${classes})` : ''}
  ${lines}
  return ${mixes ? `{ ...readBatch(samples, indices, inputs), labels: tf.tensor2d(parts, [indices.length, ${classes}]) }` : 'readBatch(samples, indices, inputs)'}
}`
}

/** Prints the call that reads a batch; if samples are preprocessed, it needs a `trainer`. */
function batchOf({ isStreamed }: ScriptExperiment, isPrepared: boolean, samples: string, step = ''): string {
  const read = isStreamed ? 'await readImageBatch' : 'readBatch'
  if (!isPrepared) return `${read}(${samples}, indices)`
  return `${isStreamed ? 'await ' : ''}prepareBatch(trainer, ${samples}, indices${step && `, ${step}`})`
}

function printTrainer(
  { optimizer, outputs, learningRates }: ScriptExperiment,
  { trainer, batches }: FeatureLines,
): string {
  const fields = Object.entries(trainer).map(([name, value]) => {
    const text = printExpression(value)
    return name === text ? name : `${name}: ${text}`
  })
  const options = ['learningRate', ...('seed' in trainer ? ['seed'] : [])].join(', ')
  return `type Trainer = ReturnType<typeof createTrainer>
${batches > 1 ? `/** How many batches a step of the optimizer takes. */\nconst batchesPerStep = ${batches}\n` : ''}
/** What the steps of training share. */
export function createTrainer(model: tf.LayersModel, { ${options} }: Training${needsData(trainer) ? ', data: Data' : ''}) {
  ${printNetwork(outputs)}
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable)
  ${learningRates === undefined ? '' : `const factors = ${printExpression(express(learningRates))}`}
  const optimizer: tf.Optimizer = ${printOptimizer(optimizer, learningRates)}
  return { ${['network', 'variables', 'optimizer', ...fields].join(', ')} }
}`
}

function printOptimizer(optimizer: Call, learningRates: ScriptExperiment['learningRates']): string {
  if (learningRates === undefined) return printExpression(optimizer)
  return `layerRates(model, learningRate, (rate) => ${printExpression(optimizer, { learningRate: 'rate' })}, factors)`
}

/** Whether a field of the trainer depends on the samples. */
export function needsData(trainer: FeatureLines['trainer']): boolean {
  return Object.values(trainer).some((value) => /\bdata\./.test(printExpression(value)))
}

/** Prints the network that training applies: the model, or the model without its last activation. */
function printNetwork(outputs: readonly ScriptedOutput[]): string {
  if (!outputs.some(({ logits }) => logits)) return 'const network = model'
  const tensors = outputs.map(({ name, logits }) => `model.getLayer(${quote(name)}).${logits ? 'input' : 'output'}`)
  const taken = outputs.length === 1 ? 'model.layers.at(-1)!.input' : `[${tensors.join(', ')}] as tf.SymbolicTensor[]`
  const activations = [...new Set(outputs.flatMap(({ logits }) => logits ?? []))].join(' and ')
  return `const network = tf.model({ inputs: model.inputs, outputs: ${taken} }) // logits, without ${activations}`
}

function printEvaluation(script: ScriptExperiment, { at }: FeatureLines): string {
  const isPrepared = at('inputs').length > 0
  const [start, result] = script.isStreamed ? ['export async function', 'Promise<Logs>'] : ['export function', 'Logs']
  const read = batchOf(script, isPrepared, 'samples')
  const add = (batch: string) =>
    `tf.tidy(() => ${adderOf(script.outputs)}(logs, measure(${isPrepared ? 'trainer.network' : 'network'}, ${batch}, false), indices.length / samples.count))`
  return `/** The loss and the metrics over all samples. */
${start} evaluate(${isPrepared ? 'trainer' : '{ network }'}: Trainer, samples: Samples, batchSize = training.batchSize): ${result} {
  const logs: Logs = {}
  for (let start = 0; start < samples.count; start += batchSize) {
    const indices = Int32Array.from({ length: Math.min(batchSize, samples.count - start) }, (_, row) => start + row)
    ${script.isStreamed ? `const batch = ${read}\n${add('batch')}\ntf.dispose(batch)` : add(read)}
  }
  return logs
}`
}
