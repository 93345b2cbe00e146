/** The activation functions of the language in PyTorch. */
import { lookUp } from '../../../language/schema.ts'
import { moduleStage, type Layout, type Stage } from './form.ts'

interface ActivationForm {
  readonly module?: string
  readonly call: (x: string) => string
  /** The function by name, as an argument of a recurrent cell. */
  readonly name: string
  /** Whether it is computed over an axis, the last one of the spec. */
  readonly isOverAxis?: true
}

const named = (module: string, name: string): ActivationForm => ({ module, name, call: (x) => `${name}(${x})` })

/** The activations, by their names in the language. */
export const activationForms: Readonly<Record<string, ActivationForm>> = {
  elu: named('nn.ELU()', 'F.elu'),
  hardSigmoid: { name: 'hard_sigmoid', call: (x) => `hard_sigmoid(${x})` },
  linear: { name: 'linear', call: (x) => x },
  relu: named('nn.ReLU()', 'F.relu'),
  relu6: named('nn.ReLU6()', 'F.relu6'),
  selu: named('nn.SELU()', 'F.selu'),
  sigmoid: named('nn.Sigmoid()', 'torch.sigmoid'),
  softmax: { name: 'softmax', call: (x) => `torch.softmax(${x}, -1)`, isOverAxis: true },
  softplus: named('nn.Softplus()', 'F.softplus'),
  softsign: named('nn.Softsign()', 'F.softsign'),
  tanh: named('nn.Tanh()', 'torch.tanh'),
  swish: named('nn.SiLU()', 'F.silu'),
  mish: named('nn.Mish()', 'F.mish'),
  gelu: named('nn.GELU()', 'F.gelu'),
  gelu_new: {
    module: 'nn.GELU(approximate="tanh")',
    name: 'gelu_new',
    call: (x) => `F.gelu(${x}, approximate="tanh")`,
  },
}

/** The stages of an activation: none for `linear`. */
export function activate(name: string, layout: Layout): readonly Stage[] {
  if (name === 'linear') return []
  const { module, call, isOverAxis } = lookUp(activationForms, name)
  if (isOverAxis === true) return [softmaxStage(layout === 'moved' ? 1 : -1)]
  return [module === undefined ? { call: (x) => call(x!) } : moduleStage(module, (x) => call(x!))]
}

export function softmaxStage(dim: number): Stage {
  return moduleStage(`nn.Softmax(dim=${dim})`, (x) => `torch.softmax(${x}, dim=${dim})`)
}
