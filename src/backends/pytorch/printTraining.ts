/** Prints the training of a PyTorch script: the sections after the network and the data. */
import { plannedRunOf } from '../../graph/plannedRun.ts'
import { printCallbacks } from './callbacks.ts'
import { printRunEpoch } from './printEpoch.ts'
import { printMain } from './printMain.ts'
import type { PrintedModel } from './printModel.ts'
import { printConstrain, printPenalty } from './printPenalties.ts'
import { isScheduled, type Training } from './training.ts'

const constants = [
  'RANK, WORLD = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))  # set by torchrun',
  'all_reduce = distributed.all_reduce if WORLD > 1 else lambda values: None',
  'INTERRUPTED = torch.zeros(1)  # is not zero after Ctrl-C, which lets the current step finish',
]

/** Prints the sections after the network and the data. */
export function printTraining(training: Training, model: PrintedModel): readonly string[] {
  const { spec, network } = training
  const { lines, paths } = model
  const penalty = printPenalty(network.layers, paths)
  const constrain = printConstrain(network.layers, paths)
  const forms = printCallbacks(spec.callbacks, plannedRunOf(spec, network.outputs))
  const changesRate = forms.some((form) => form.rateFactor !== undefined)
  const parts = {
    hasPenalty: penalty !== undefined,
    hasConstraints: constrain !== undefined,
    isScheduled: isScheduled(spec) || changesRate,
    afterStep: forms.flatMap(({ step = [] }) => step),
  }
  const sections = [
    penalty,
    constrain,
    spec.training.weightDecay === undefined ? undefined : printDecayed(lines.join('\n')),
  ]
  return [
    ...constants,
    ...sections.filter((section) => section !== undefined),
    printRunEpoch(training, parts),
    printMain(training, model, forms),
  ]
}

/** Prints `decayed_weights`: kernels and embeddings. */
function printDecayed(model: string): string {
  const kinds = [
    'nn.Linear',
    'nn.Conv1d',
    'nn.Conv2d',
    'nn.Conv3d',
    'nn.ConvTranspose2d',
    'nn.ConvTranspose3d',
    'Embedding',
  ]
  const cells = ['nn.RNN', 'nn.GRU', 'nn.LSTM', 'SimpleCell', 'GRUCell', 'LSTMCell', 'ConvLSTMCell']
  const used = [...kinds, ...cells].filter((name) => new RegExp(String.raw`(?<![\w.])${name}\(`).test(model))
  return [
    'def decayed_weights(model: nn.Module) -> list[nn.Parameter]:',
    '    """Kernels and embeddings; biases and the weights of normalization do not decay."""',
    `    kinds = (${used.join(', ')}${used.length === 1 ? ',' : ''})`,
    '    modules = [module for module in model.modules() if isinstance(module, kinds)]',
    '    weights = [item for module in modules for item in module.named_parameters(recurse=False)]',
    '    return [weight for name, weight in weights if not name.startswith("bias") and weight.grad is not None]',
  ].join('\n')
}
