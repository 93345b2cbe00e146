/** Specs with a mistake in `extends`, `override`, `abstract` or `!remove`, or in a file that they extend. */
import { trimBlock } from './brokenSpec.ts'

export interface BrokenFiles {
  readonly title: string
  /** The spec, whose parent is `base.yaml` unless it says otherwise. `# ✗ code` ends the line with the mistake, in any of the files. */
  readonly spec: string
  readonly files?: Readonly<Record<string, string>>
  /** What the spec contains after the first fix of it. */
  readonly fixed?: string
  /** What the parent contains after the first fix, which is offered but edits no spec of the command line. */
  readonly fixedParent?: string
  /** Whether the mistake is in what the plain spec does not have. */
  readonly isOfComposition?: true
}

export const goodParent = trimBlock(`
name: base
dataset: mnist
vars: { width: 8 }
blocks:
  unit:
    params: { filters: $width }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, activation: relu }
      - maxPooling2d
layers:
  - unit
  - unit
  - flatten
  - dense: { name: hidden, units: 16, activation: relu }
  - dense: { name: head, units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.01 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 32, seed: 1 }
`)

const child = (lines: string) => `extends: ./base.yaml\nname: child\n${trimBlock(lines)}`

/** A chain of parents, the last of which is the good one. */
function chainOf(length: number): Record<string, string> {
  const names = Array.from({ length }, (_none, index) => `p${index}.yaml`)
  return Object.fromEntries(names.map((name, index) => [name, `extends: ${names[index + 1] ?? 'base.yaml'}\n`]))
}

export const parentRows: readonly BrokenFiles[] = [
  // the parent
  { title: 'a file that is missing', spec: 'extends: ./other.yaml # ✗ compose/bad-parent\nname: child' },
  {
    title: 'a misspelt file',
    spec: 'extends: ./bsae.yaml # ✗ compose/bad-parent\nname: child',
    fixed: 'extends: ./base.yaml',
  },
  {
    title: 'a misspelt file in another folder',
    spec: 'extends: shared/model/resnte.yaml # ✗ compose/bad-parent\nname: child',
    files: { 'shared/model/resnet.yaml': goodParent },
    fixed: 'extends: shared/model/resnet.yaml',
  },
  {
    title: 'a folder as a parent',
    spec: 'extends: ./shared # ✗ compose/bad-parent\nname: child',
    files: { 'shared/base.yaml': goodParent },
  },
  { title: 'a list of parents', spec: 'extends: [./base.yaml] # ✗ schema/wrong-type\nname: child' },
  { title: 'a parent without a value', spec: 'extends: # ✗ schema/wrong-type\nname: child' },
  { title: 'a number as a parent', spec: 'extends: 3 # ✗ schema/wrong-type\nname: child' },
  { title: 'a parent that is removed', spec: 'extends: !remove # ✗ schema/wrong-type\nname: child' },
  {
    title: 'a reference as a parent',
    spec: 'extends: $parent # ✗ compose/bad-parent\nname: child\nvars: { parent: base.yaml }',
  },
  { title: 'a spec that extends itself', spec: 'extends: ./spec.yaml # ✗ compose/cycle\nname: child' },
  {
    title: 'a cycle of two',
    spec: 'extends: ./one.yaml\nname: child',
    files: { 'one.yaml': 'extends: spec.yaml # ✗ compose/cycle' },
  },
  {
    title: 'a cycle of parents',
    spec: 'extends: ./one.yaml\nname: child',
    files: { 'one.yaml': 'extends: two.yaml', 'two.yaml': 'extends: one.yaml # ✗ compose/cycle' },
  },
  {
    title: '33 parents',
    spec: 'extends: p0.yaml\nname: child',
    files: { ...chainOf(32), 'p31.yaml': 'extends: base.yaml # ✗ compose/too-large' },
  },
  {
    title: 'a parent with a syntax error',
    spec: child(''),
    files: { 'base.yaml': 'name: base\nlayers: [flatten # ✗ source/syntax' },
  },
  { title: 'a parent that is a list', spec: child(''), files: { 'base.yaml': '- flatten # ✗ source/not-a-map' } },
  { title: 'an empty parent', spec: child(''), files: { 'base.yaml': '# nothing # ✗ source/not-a-map' } },
  {
    title: 'a parent that is missing for a parent',
    spec: child(''),
    files: { 'base.yaml': 'extends: top.yaml # ✗ compose/bad-parent\nname: base' },
  },
  {
    title: 'a parent with a misspelt key',
    spec: child(''),
    files: {
      'base.yaml': goodParent.replace('epochs: 2', 'epoch: 2').replace(/(training.*)/, '$1 # ✗ schema/unknown-key'),
    },
    fixedParent: 'epochs: 2',
  },
  {
    title: 'a parent with a layer of another library',
    spec: child(''),
    files: { 'base.yaml': goodParent.replace('- flatten', '- Flatten # ✗ schema/unknown-layer') },
    fixedParent: '- flatten',
  },
  { title: 'no name of its own', spec: 'extends: base.yaml # ✗ schema/missing-key' },

  // values that override those of the parent
  { title: 'a misspelt key', spec: child('training: { epoch: 3 } # ✗ schema/unknown-key'), fixed: 'epochs: 3' },
  { title: 'a value of the wrong type', spec: child('training: { epochs: many } # ✗ schema/wrong-type') },
  { title: 'a misspelt choice', spec: child('optimizer: adamm # ✗ schema/unknown-value'), fixed: 'optimizer: adam' },
  {
    title: 'a misspelt option of a choice',
    spec: child('optimizer: { sgd: { learningrate: 0.5 } } # ✗ schema/unknown-key'),
    fixed: 'learningRate: 0.5',
  },
  {
    title: 'a variable with a bad value',
    spec: child('vars: { width: 0 }'),
    files: { 'base.yaml': goodParent.replace(/(- conv2d.*)/, '$1 # ✗ schema/out-of-range') },
  },
  {
    title: 'a variable that is removed, but used',
    spec: child('vars: { width: !remove }'),
    files: {
      'base.yaml': goodParent.replace(
        'params: { filters: $width }',
        'params: { filters: $width } # ✗ compose/unknown-name',
      ),
    },
  },
  {
    title: 'a block that is removed, but used',
    spec: child(
      'blocks: { unit: !remove }\nlayers:\n  - unit # ✗ schema/unknown-layer\n  - flatten\n  - dense: { units: 10, activation: softmax }',
    ),
  },
  {
    title: 'a block without the parameter that the parent gives it',
    isOfComposition: true,
    spec: child(
      'blocks: { unit: { layers: [leakyReLU] } }\nlayers:\n  - unit: { filters: 3 } # ✗ schema/unknown-key\n  - flatten\n  - dense: { units: 10, activation: softmax }',
    ),
  },

  // !remove
  {
    title: 'a removed key that the parent does not have',
    spec: child('budget: !remove # ✗ compose/nothing-to-remove'),
  },
  { title: 'a misspelt removed key', spec: child('training: { sed: !remove } # ✗ compose/nothing-to-remove') },
  { title: 'a removed item of a list', spec: child('metrics: [accuracy, !remove ] # ✗ compose/nothing-to-remove') },
  {
    title: 'a removed key without a parent',
    spec: 'name: x\ninput: { shape: [4] }\nlayers: [{ dense: { units: 2 } }]\noptimizer: !remove # ✗ compose/nothing-to-remove',
  },
  {
    title: 'a removed variable that is not there',
    spec: child('vars: { depth: !remove } # ✗ compose/nothing-to-remove'),
  },
  {
    title: 'a removed option that a layer does not have',
    spec: child('override: { head: { useBias: !remove } } # ✗ compose/nothing-to-remove'),
  },
  { title: 'a removed layer', spec: child('override: { head: !remove } # ✗ compose/nothing-to-remove') },

  // override
  {
    title: 'an override of an unknown layer',
    spec: child('override: { tail: { units: 3 } } # ✗ compose/unknown-layer'),
  },
  {
    title: 'an override of a misspelt layer',
    spec: child('override: { hed: { units: 10 } } # ✗ compose/unknown-layer'),
    fixed: 'override: { head: { units: 10 } }',
  },
  {
    title: 'an override of a layer in a block by its local name',
    spec: child('override: { conv2d: { filters: 3 } } # ✗ compose/unknown-layer'),
  },
  {
    title: 'an override by a numbered name',
    spec: child('override: { unit_1: { poolSize: 3 } } # ✗ compose/ambiguous-name'),
  },
  {
    title: 'an override inside a numbered call',
    spec: child('override: { unit_1/conv2d: { filters: 3 } } # ✗ compose/ambiguous-name'),
  },
  {
    title: 'an override by the first of several automatic names',
    spec: child('override: { unit: { poolSize: 3 } } # ✗ compose/ambiguous-name'),
  },
  {
    title: 'an override by a numbered name in the same file',
    spec: 'name: x\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 8, activation: relu }\n  - dense: { units: 2 }\noverride: { dense_1: { useBias: false } } # ✗ compose/ambiguous-name',
    fixed: 'dense: { units: 2, name: dense_1 }',
  },
  {
    title: 'an override of a word by a numbered name',
    spec: 'name: x\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 8 }\n  - batchNormalization\n  - dense: { units: 2, activation: relu }\n  - batchNormalization\noverride: { batchNormalization_1: { momentum: 0.5 } } # ✗ compose/ambiguous-name',
    fixed: '- batchNormalization: { name: batchNormalization_1 }',
  },
  {
    title: 'an override of a misspelt option',
    spec: child('override: { head: { unit: 10 } } # ✗ schema/unknown-key'),
    fixed: 'units: 10',
  },
  { title: 'an override with a bad value', spec: child('override: { head: { units: 0 } } # ✗ schema/out-of-range') },
  {
    title: 'an override by an unknown variable',
    spec: child('override: { hidden: { units: $depth } } # ✗ compose/unknown-name'),
  },
  {
    title: 'an override of the name',
    isOfComposition: true,
    spec: child('override: { head: { name: tail } } # ✗ schema/unknown-key'),
  },
  { title: 'an override that is a list', isOfComposition: true, spec: child('override: [head] # ✗ schema/wrong-type') },
  {
    title: 'an override that is a number',
    isOfComposition: true,
    spec: child('override: { head: 3 } # ✗ schema/wrong-type'),
  },
  {
    title: 'an override of a layer that the spec replaces',
    spec: child('layers: [flatten, { dense: { units: 10, activation: softmax } }]'),
    files: { 'base.yaml': `${goodParent}override: { head: { useBias: false } } # ✗ compose/unknown-layer` },
  },

  // abstract
  { title: 'abstract as a word', spec: 'abstract: maybe # ✗ schema/wrong-type\nname: x\ndataset: mnist' },
  {
    title: 'an abstract spec with a misspelt key',
    spec: 'abstract: true\ndataset: mnist\ntraining: { epoch: 3 } # ✗ schema/unknown-key',
    fixed: 'epochs: 3',
  },
  {
    title: 'an abstract spec with a kernel that does not fit',
    spec: 'abstract: true\ndataset: mnist\nlayers:\n  - conv2d: { filters: 3, kernelSize: 40, padding: valid } # ✗ shape/kernel-exceeds-input',
    fixed: 'padding: same',
  },
]
