/** The part of a script that trains: the measures of a batch, a step, the loop and the evaluation. */
import type { Program } from '../../program/program.ts'
import type { ScriptedOutput, ScriptExperiment } from '../../program/lowerScript.ts'
import { linesOfLoop, type FeatureLines } from './loopFeatures.ts'
import { printExpression, quote } from './printExpression.ts'
import { printMeasure } from './printMeasure.ts'

/** `training`, `train`, `trainStep`, `createTrainer`, `measure` and `evaluate`. */
export function printTraining(program: Program, script: ScriptExperiment): string {
  const features = linesOfLoop(program)
  return [
    printOptions(program, script),
    printLoop(script, features),
    printStep(features),
    printTrainer(script, features),
    printMeasure(program, script, features.at('penalties')),
    printEvaluation(script),
  ]
    .map((code) => code.replaceAll(/\n\s*\n/g, '\n'))
    .join('\n\n')
}

function printOptions({ experiment }: Program, { training: { epochs, batchSize, seed } }: ScriptExperiment): string {
  const { learningRate } = experiment!
  return `export const training: Training = ${JSON.stringify({ epochs, batchSize, learningRate, seed })}`
}

function printLoop(
  { training: { shuffle }, isStreamed }: ScriptExperiment,
  { at, usesPosition }: FeatureLines,
): string {
  const position = usesPosition ? ', { step, stepsPerEpoch, epochs }' : ''
  return `/** Trains until the last epoch, or until \`signal\` says to stop. The logs of each epoch go to metrics.jsonl in \`folder\`. */
export async function train(trainer: Trainer, data: Data, options: Training, folder: string, signal: AbortSignal) {
  const { epochs, batchSize, seed } = options
  const { count } = data.train
  ${usesPosition ? 'const stepsPerEpoch = Math.ceil(count / batchSize)' : ''}
  ${at('beforeTraining').join('\n')}
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = ${shuffle ? 'shuffledIndices(count, seed, epoch)' : 'sequentialIndices(count)'}
    const logs: Logs = {}
    const started = performance.now()
    for (let start = 0; start < count; start += batchSize) {
      const numbers = order.subarray(start, start + batchSize)
      const batch = ${readBatch(isStreamed)}(data.train, numbers)
      ${usesPosition ? 'const step = (epoch - 1) * stepsPerEpoch + start / batchSize' : ''}
      trainStep(trainer, batch, logs, numbers.length / count${position})
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
  }
  ${at('afterTraining').join('\n')}
}`
}

function printStep({ trainer, at, usesPosition }: FeatureLines): string {
  const fields = ['network', 'variables', 'optimizer', ...trainer.map(({ name }) => name)].join(', ')
  // Together with the position, the line would be too long.
  const given = usesPosition ? 'trainer' : `{ ${fields} }`
  const position = usesPosition ? ', position: RunPosition' : ''
  return `/** One step of gradient descent. The batch is a \`share\` of the samples that \`logs\` are about. */
export function trainStep(${given}: Trainer, batch: Batch, logs: Logs, share: number${position}) {
  ${usesPosition ? `const { ${fields} } = trainer` : ''}
  tf.tidy(() => {
    ${at('beforeStep').join('\n')}
    const { grads } = tf.variableGrads(() => {
      const measures = measure(network, batch, true)
      addMeasures(logs, measures, share)
      return measures.loss
    }, variables)
    ${at('gradients').join('\n')}
    optimizer.applyGradients(grads)
    ${at('afterStep').join('\n')}
  })
}`
}

function printTrainer({ optimizer, outputs }: ScriptExperiment, { trainer }: FeatureLines): string {
  const fields = trainer.map(({ name, value }) => (name === value ? name : `${name}: ${value}`))
  const options = ['learningRate', ...(fields.includes('seed') ? ['seed'] : [])].join(', ')
  return `type Trainer = ReturnType<typeof createTrainer>
/** What the steps of training share. */
export function createTrainer(model: tf.LayersModel, { ${options} }: Training) {
  ${printNetwork(outputs)}
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const optimizer: tf.Optimizer = ${printExpression(optimizer)}
  return { ${['network', 'variables', 'optimizer', ...fields].join(', ')} }
}`
}

/** The model as training applies it. */
function printNetwork(outputs: readonly ScriptedOutput[]): string {
  if (!outputs.some(({ logits }) => logits)) return 'const network = model'
  const tensors = outputs.map(({ name, logits }) => `model.getLayer(${quote(name)}).${logits ? 'input' : 'output'}`)
  const taken = outputs.length === 1 ? 'model.layers.at(-1)!.input' : `[${tensors.join(', ')}] as tf.SymbolicTensor[]`
  const activations = [...new Set(outputs.flatMap(({ logits }) => logits ?? []))].join(' and ')
  return `// Without the ${activations}: a loss of logits is exact where probabilities come near 0 or 1.
  const network = tf.model({ inputs: model.inputs, outputs: ${taken} })`
}

function readBatch(isStreamed: boolean): string {
  return isStreamed ? 'await readImageBatch' : 'readBatch'
}

function printEvaluation({ isStreamed }: ScriptExperiment): string {
  const [start, result] = isStreamed ? ['export async function', 'Promise<Logs>'] : ['export function', 'Logs']
  return `/** The loss and the metrics over all samples. */
${start} evaluate({ network }: Trainer, samples: Samples, batchSize: number): ${result} {
  const logs: Logs = {}
  for (let start = 0; start < samples.count; start += batchSize) {
    const length = Math.min(batchSize, samples.count - start)
    const numbers = Int32Array.from({ length }, (_, row) => start + row)
    ${evaluateBatch(isStreamed)}
  }
  return logs
}`
}

function evaluateBatch(isStreamed: boolean): string {
  const add = (batch: string) =>
    `tf.tidy(() => addMeasures(logs, measure(network, ${batch}, false), length / samples.count))`
  if (!isStreamed) return add('readBatch(samples, numbers)')
  return `const batch = ${readBatch(isStreamed)}(samples, numbers)\n    ${add('batch')}\n    tf.dispose(batch)`
}
