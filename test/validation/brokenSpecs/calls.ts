/** Calls of blocks with a mistake. */
import type { BrokenSpec } from './brokenSpec.ts'

/** The layers of a spec with two blocks: `unit` with a required parameter, and `skip` with a branch. */
const calls = (title: string, layers: string, fixed?: string): BrokenSpec => ({
  title,
  dataset: 'mnist',
  also: `
blocks:
  unit:
    params: { filters: , size: 3 }
    layers:
      - conv2d: { filters: $filters, kernelSize: $size, padding: same }
      - batchNormalization
      - reLU
  none: { layers: [{ reLU: { if: false } }] }
  skip:
    layers:
      - unit: { filters: 8, name: branch }
      - concatenate: { inputs: [input, branch] }`,
  layers: `${layers}
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ...(fixed !== undefined && { fixed }),
})

export const callRows: readonly BrokenSpec[] = [
  calls(
    'an unknown input of a call in a repeat, which its block does not repeat',
    `
    - repeat: { times: 2, layers: [{ unit: { filters: 8 } }, { skip: { inputs: nobody } }] } # ✗ graph/unknown-input`,
  ),
  calls(
    'a call with too many inputs that is applied again',
    `
    - skip: { inputs: [input, input, input] } # ✗ compose/bad-call
    - apply: { layer: skip }`,
  ),
  calls(
    'a call whose inputs are no names',
    `
    - unit: { filters: 8, inputs: { a: input } } # ✗ schema/wrong-type`,
  ),
  calls(
    'a repeat in a repeat whose inputs are no names',
    `
    - repeat: { times: 2, layers: [{ repeat: { times: 2, inputs: [3], layers: [reLU] } }] } # ✗ schema/wrong-type`,
  ),
  calls(
    'a call whose list of inputs is empty',
    `
    - unit: { filters: 8, inputs: [] } # ✗ compose/bad-call`,
  ),
  calls(
    'a repeat with two inputs',
    `
    - repeat: { times: 2, inputs: [input, input], layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  {
    title: 'an item that is an unknown name, in a block whose output is used by its name',
    also: `
vars: { norm: $missing } # ✗ compose/unknown-name
blocks:
  unit: { layers: [reLU, $norm] }`,
    layers: `
    - unit: { name: first }
    - concatenate: { inputs: [input, first] }
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'a misspelt option in a block that nothing calls',
    also: `
blocks:
  unused:
    params: { filters: }
    layers:
      - conv2d: { filters: $filters, kernelSise: 3 } # ✗ schema/unknown-key`,
    layers: `
    - flatten
    - dense: { units: 10, activation: softmax }`,
    fixed: 'conv2d: { filters: $filters, kernelSize: 3 }',
  },
  {
    title: 'a value out of range in a repeat of a block that nothing calls',
    also: `
blocks:
  part: { layers: [{ repeat: { times: 2, layers: [{ dropout: { rate: 1.5 } }] } }] } # ✗ schema/out-of-range
  outer: { inputs: [left, right], layers: [{ add: { inputs: [left, right] } }, part] }`,
    layers: `
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'an unknown name in a block that a condition excludes',
    also: `
blocks:
  part: { layers: [{ dropout: { rate: $rat } }] } # ✗ compose/unknown-name`,
    layers: `
    - part: { if: false }
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'a block with several inputs of which no layer is included',
    also: `
vars: { deep: false }
blocks:
  pair:
    inputs: [left, right]
    layers:
      - reLU: { inputs: left, if: $deep }`,
    layers: `
    - pair: { inputs: [input, input] } # ✗ compose/bad-call
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
  calls(
    'a misspelt block',
    `
    - unti: { filters: 8 } # ✗ schema/unknown-layer`,
    'unit: { filters: 8 }',
  ),
  calls(
    'a misspelt block as a word',
    `
    - skp # ✗ schema/unknown-layer`,
    '- skip',
  ),
  calls(
    'a missing argument',
    `
    - unit # ✗ schema/missing-key`,
  ),
  calls(
    'a misspelt argument',
    `
    - unit: { filter: 8 } # ✗ schema/unknown-key`,
    'filters: 8',
  ),
  calls(
    'an argument that the block does not have',
    `
    - unit: { filters: 8, activation: relu } # ✗ schema/unknown-key`,
  ),
  calls(
    'options that are no map',
    `
    - unit: 8 # ✗ schema/wrong-type`,
    'unit: { filters: 8 }',
  ),
  calls(
    'an unknown variable as an argument',
    `
    - unit: { filters: $width } # ✗ compose/unknown-name`,
  ),
  calls(
    'an argument that cannot be computed',
    `
    - unit: { filters: $(8 / 0) } # ✗ compose/bad-expression`,
  ),
  calls(
    'a name that is none',
    `
    - unit: { filters: 8, name: first unit } # ✗ schema/bad-name`,
    'name: first-unit',
  ),
  calls(
    'an input that does not exist',
    `
    - unit: { filters: 8, name: stem }
    - unit: { filters: 8, inputs: stm } # ✗ graph/unknown-input`,
    'inputs: stem',
  ),
  calls(
    'a layer inside a call that does not exist',
    `
    - skip
    - concatenate: { inputs: [skip, skip/brnch] } # ✗ graph/unknown-input`,
    'skip/branch',
  ),
  calls(
    'two inputs where one is taken',
    `
    - unit: { filters: 8, name: a }
    - unit: { filters: 8, name: b }
    - unit: { filters: 8, inputs: [a, b] } # ✗ compose/bad-call`,
  ),
  calls(
    'two calls of one name',
    `
    - unit: { filters: 8, name: stem }
    - unit: { filters: 8, name: stem } # ✗ graph/duplicate-name`,
  ),
  calls(
    'a wrong expectation',
    `
    - unit: { filters: 8, expect: [28, 28, 9] } # ✗ shape/expect-not-met`,
    'expect: [28, 28, 8]',
  ),
  calls(
    'a call that is neither trainable nor not',
    `
    - unit: { filters: 8, trainable: nope } # ✗ schema/wrong-type`,
  ),
  calls(
    'a wrong expectation of a repeat without iterations',
    `
    - unit: { filters: 8 }
    - repeat: { times: 0, expect: [28, 28, 9], layers: [reLU] } # ✗ shape/expect-not-met`,
    'expect: [28, 28, 8]',
  ),
  calls(
    'a wrong expectation of a call that adds no layer',
    `
    - conv2d: { filters: 4, kernelSize: 3 }
    - none: { expect: [26, 26, 3] } # ✗ shape/expect-not-met`,
    'expect: [26, 26, 4]',
  ),
  calls(
    'an expectation that differs from that of the last layer inside',
    `
    - repeat: { times: 1, expect: [28, 28, 3], layers: [{ reLU: { expect: [28, 28, 1] } }] } # ✗ shape/expect-not-met`,
  ),
  calls(
    'a wrong expectation of a repeat whose last layer applies a call',
    `
    - unit: { name: first, filters: 1 }
    - repeat: { times: 1, expect: [28, 28, 3], layers: [reLU, { apply: { layer: first } }] } # ✗ shape/expect-not-met`,
    'expect: [28, 28, 1]',
  ),
  calls(
    'an expectation of a repeat that passes the input of the network through',
    `
    - repeat: { times: 0, expect: [28, 28, 1], layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a condition that is a number',
    `
    - unit: { filters: 8, if: 1 } # ✗ schema/wrong-type`,
  ),
  calls(
    'a kernel that does not fit',
    `
    - conv2d: { filters: 2, kernelSize: 3 }
    - maxPooling2d: { poolSize: 30, if: true } # ✗ shape/kernel-exceeds-input`,
    'padding: same',
  ),
  {
    title: 'an argument of the wrong type',
    also: `
blocks:
  unit:
    params: { size: 3 }
    layers:
      - conv2d: { filters: 8, kernelSize: $size } # ✗ schema/wrong-type`,
    layers: `
    - unit: { size: big }
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
]
