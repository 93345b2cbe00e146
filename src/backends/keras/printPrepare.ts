/** Prints what a script does with samples before the network takes them: `targets_of` and `prepare`. */
import { dataOf, printLiteral, quotePython } from '../python/printLiteral.ts'
import { givenInputs, type KerasTraining, type TrainedOutput } from './kerasTraining.ts'

/** Undefined if the labels and inputs of the dataset are taken as they are. */
export function printPrepare(training: KerasTraining): string | undefined {
  const parts = [
    ...(training.hasTargets ? [printTargets(training)] : []),
    ...(training.isPrepared ? [printBatch(training)] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('\n\n\n')
}

function printTargets({ outputs, script }: KerasTraining): string {
  const all = outputs.map((output) => targetsOf(output, script.mixes))
  const code =
    outputs.length === 1
      ? all[0]
      : `{${outputs.map(({ name }, place) => `${quotePython(name)}: ${all[place]}`).join(', ')}}`
  const type = outputs.length === 1 ? 'np.ndarray' : 'dict[str, np.ndarray]'
  return [
    `def targets_of(labels: np.ndarray) -> ${type}:`,
    '    """The labels in the form that losses and metrics take."""',
    `    return ${code}`,
  ].join('\n')
}

/** With mixed labels, `labels` are rows already. */
function targetsOf({ isSparse, units, shape }: TrainedOutput, areRows: boolean): string {
  if (isSparse || areRows) return 'labels'
  if (units > 1) return `np.eye(${units}, dtype="float32")[labels]`
  return `labels.astype("float32").reshape(-1, ${shape.join(', ')})`
}

function printBatch(training: KerasTraining): string {
  const { spec, script, hasTargets } = training
  const { augment } = spec
  const { isStreamed, mixes, classes, classWeights } = script
  const targets = hasTargets ? 'targets_of(labels)' : 'labels'
  const given = givenInputs(training, 'inputs')
  const lines = [
    ...(isStreamed ? ['inputs = read_inputs(inputs)'] : []),
    ...(mixes ? [`labels = np.eye(${classes}, dtype="float32")[labels]`] : []),
    ...(augment.length === 0 ? [] : ['if rng is not None:', '    inputs, labels = augment(inputs, labels, rng)']),
    ...(training.normalizesBatches ? ['mean, std = statistics', 'inputs = (inputs - mean) / std'] : []),
    ...(classWeights === undefined
      ? []
      : ['if rng is not None:', `    return ${given}, ${targets}, ${sampleWeights(training)}`]),
    `return ${given}, ${targets}`,
  ]
  const options = optionsOfBatches(training, true).map(({ name, type }) => `, ${name}: ${type}`)
  return [
    `def prepare(inputs: np.ndarray, labels: np.ndarray, rng: np.random.Generator | None${options.join('')}):`,
    `    """Returns a batch as the network takes it${augment.length === 0 ? '' : '; training samples are changed at random'}."""`,
    ...lines.map((line) => `    ${line}`),
  ].join('\n')
}

/** What `prepare` takes besides samples, with the code that computes it from `data`. */
export function optionsOfBatches({ script, normalizesBatches, isPrepared }: KerasTraining, isTraining: boolean) {
  const { classWeights } = script
  if (!isPrepared) return []
  return [
    ...(normalizesBatches ? [{ name: 'statistics', type: 'Samples', code: 'statistics' }] : []),
    ...(classWeights !== undefined && isTraining
      ? [{ name: 'weights', type: 'np.ndarray | None = None', code: classWeightsCode(script) }]
      : []),
  ]
}

/** The code of the weight of each class. */
function classWeightsCode({ classWeights, classes }: KerasTraining['script']): string {
  if (classWeights!.kind === 'call') return `balanced_weights(data["train"][1], ${classes})`
  return `np.array(${printLiteral(dataOf(classWeights!))}, "float32")`
}

/** The code of the weights of samples, of each output if there are several. */
export function sampleWeights({ script, outputs, isPrepared }: KerasTraining): string {
  const code = `class_weights_of(labels, ${isPrepared ? 'weights' : classWeightsCode(script)})`
  if (outputs.length === 1) return code
  return `{name: ${code} for name in ${printLiteral(outputs.map(({ name }) => name))}}`
}
