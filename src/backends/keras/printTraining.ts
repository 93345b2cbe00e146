/** Prints `compile_network` and `train` of a script for Keras. */
import { lookUp } from '../../language/schema.ts'
import { printLiteral, quotePython } from '../python/printLiteral.ts'
import { kerasCallbacks } from './kerasCallbacks.ts'
import { kerasLosses, printLoss } from './kerasLosses.ts'
import { printMetric } from './kerasMetrics.ts'
import { printOptimizer } from './kerasOptimizers.ts'
import { givenInputs, type KerasTraining, type Options, type TrainedOutput } from './kerasTraining.ts'
import { optionsOfBatches, sampleWeights } from './printPrepare.ts'

export function printCompile(training: KerasTraining): string {
  const { spec, outputs, program } = training
  const { type, options } = spec.optimizer!
  const hasSchedule = program.experiment!.schedule !== undefined
  const isReduced = spec.callbacks.some((one) => lookUp(kerasCallbacks, one.type).changesRate)
  const { definition, before, optimizer } = printOptimizer(type, {
    options: options as Options,
    training: spec.training,
    hasSchedule: hasSchedule || isReduced,
    isReduced: hasSchedule && isReduced,
    rates: training.rates,
  })
  const weights = outputs.map(({ objective }) => objective.weight)
  const losses = outputs.map(lossOf)
  const metrics = outputs.map(metricsOf)
  const named = outputs.some(({ objective }) => objective.metrics.length > 0)
  const settings = [
    `optimizer=${optimizer}`,
    `loss=${byOutput(outputs, losses)}`,
    ...(weights.some((weight) => weight !== 1) ? [`loss_weights=${byOutput(outputs, weights.map(printLiteral))}`] : []),
    ...(named ? [`metrics=${byOutput(outputs, metrics)}`] : []),
  ]
  return [
    ...(definition === undefined ? [] : [definition, '', '']),
    `def compile_network(model: keras.Model, rate${program.experiment!.schedule ? '' : ': float'}) -> keras.Model:`,
    `    """Returns the network that is trained, which shares the weights of the model."""`,
    `    network = ${networkOf(training)}`,
    ...before.map((line) => `    ${line}`),
    `    network.compile(${settings.join(', ')})`,
    '    return network',
  ].join('\n')
}

/** Values of the outputs: of a single one as it is, otherwise by name. */
function byOutput(outputs: readonly TrainedOutput[], values: readonly string[]): string {
  if (outputs.length === 1) return values[0]!
  return `{${outputs.map(({ name }, place) => `${quotePython(name)}: ${values[place]}`).join(', ')}}`
}

/** A network of its own, so that the saved model has no optimizer, loss or metric, whose classes `load_model` would need. */
function networkOf({ program, outputs }: KerasTraining): string {
  const inputs = program.inputs.length === 1 ? 'model.inputs[0]' : 'model.inputs'
  const [only, ...others] = outputs
  if (others.length === 0) return `keras.Model(${inputs}, ${tensorOf(only!, 'model.layers[-1]', program.outputs)})`
  const tensors = outputs.map((output) => tensorOf(output, undefined, program.outputs))
  return `keras.Model(${inputs}, ${byOutput(outputs, tensors)})`
}

/** The tensor of an output before the activation that training leaves out. */
function tensorOf(
  { scripted, layerName, name }: TrainedOutput,
  last: string | undefined,
  outputs: readonly string[],
): string {
  if (scripted.logits !== undefined) return `${last ?? `model.get_layer(${quotePython(layerName)})`}.input`
  return `model.outputs[${outputs.indexOf(name)}]`
}

function lossOf({ objective: { loss }, scripted: { logits }, isSparse }: TrainedOutput): string {
  return printLoss(lookUp(kerasLosses, loss.type).of(loss.options as Options, { logits, isSparse }))
}

function metricsOf({ objective: { metrics }, scripted: { logits }, isSparse, units }: TrainedOutput): string {
  const use = { logits, isSparse, isSingle: units === 1 }
  return `[${metrics.map((metric) => printMetric(metric, use)).join(', ')}]`
}

export function printTrain(training: KerasTraining): string {
  const { spec, run, script, isPrepared } = training
  const stated = spec.callbacks.flatMap(({ type, options }) =>
    lookUp(kerasCallbacks, type).print(options as Options, run),
  )
  const always = ['keras.callbacks.TerminateOnNaN()', 'keras.callbacks.CSVLogger(folder / "metrics.csv")']
  const own = always.filter((code) => !stated.some((one) => one.startsWith(code.slice(0, -1))))
  const hasStopping = spec.callbacks.some(({ type }) => lookUp(kerasCallbacks, type).stops)
  const isValidated = spec.training.validationSplit > 0 || script.hasValidation
  const fit = isPrepared ? fitBatches(training, isValidated) : fitArrays(training, isValidated)
  const { gradientAccumulation: accumulated = 1 } = spec.training
  const statistics = training.normalizesBatches ? ', statistics: Samples' : ''
  return [
    `def train(network: keras.Model, data: Data, args: argparse.Namespace, folder: Path${statistics}) -> int:`,
    '    """Trains until the last epoch or Ctrl-C, and returns the exit code."""',
    '    # Ctrl-C ends the training after the current step, so that the model can be saved.',
    '    signal.signal(signal.SIGINT, lambda *_: setattr(network, "stop_training", True))',
    `    callbacks = [${[...own, ...stated].join(', ')}]`,
    ...(accumulated === 1
      ? []
      : [`    network.optimizer.plan_epoch(len(data["train"][1]), args.batch_size, ${accumulated})`]),
    ...fit.map((line) => `    ${line}`),
    '    if not np.isfinite(history.history["loss"][-1]):',
    '        print("error: the loss is not finite any more; lower --learning-rate", file=sys.stderr)',
    '        return 3',
    ...(hasStopping
      ? [
          '    stopped = any(getattr(one, "stopped_epoch", 0) for one in callbacks)',
          '    return 130 if network.stop_training and not stopped else 0',
        ]
      : ['    return 130 if network.stop_training else 0']),
  ].join('\n')
}

const lengths = 'epochs=args.epochs, callbacks=callbacks'

function fitArrays(training: KerasTraining, isValidated: boolean): string[] {
  const { spec, hasTargets, script } = training
  const targets = (labels: string) => (hasTargets ? `targets_of(${labels})` : labels)
  const isSingle = training.program.inputs.length === 1
  const isPlain = !hasTargets && isSingle && script.classWeights === undefined
  const settings = [
    ...(isPlain ? ['*data["train"]'] : [givenInputs(training, 'inputs'), targets('labels')]),
    'batch_size=args.batch_size',
    ...(script.classWeights === undefined ? [] : [`sample_weight=${sampleWeights(training)}`]),
    ...(isValidated ? ['validation_data=held_out'] : []),
    ...(spec.training.shuffle ? [] : ['shuffle=False']),
    lengths,
  ]
  const held = `(${givenInputs(training, 'data["validation"][0]')}, ${targets('data["validation"][1]')})`
  const heldOut =
    hasTargets || !isSingle
      ? [`held_out = ${held} if "validation" in data else None`]
      : ['held_out = data.get("validation")']
  return [
    ...(isPlain ? [] : ['inputs, labels = data["train"]']),
    ...(isValidated ? heldOut : []),
    `history = network.fit(${settings.join(', ')})`,
  ]
}

function fitBatches(training: KerasTraining, isValidated: boolean): string[] {
  const options = (isTraining: boolean) =>
    optionsOfBatches(training, isTraining)
      .map(({ name, code }) => `, ${name}=${code}`)
      .join('')
  const shuffle = training.spec.training.shuffle ? ', shuffle=True' : ''
  return [
    `batches = Batches(data["train"], args.batch_size, prepare, args.seed${shuffle}${options(true)})`,
    ...(isValidated
      ? [
          'held_out = None',
          'if "validation" in data:',
          `    held_out = Batches(data["validation"], args.batch_size, prepare${options(false)})`,
        ]
      : []),
    `history = network.fit(batches, ${isValidated ? 'validation_data=held_out, ' : ''}shuffle=False, ${lengths})`,
  ]
}
