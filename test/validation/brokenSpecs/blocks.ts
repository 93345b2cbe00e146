/** Blocks and repeats with a mistake. */
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
  skip:
    layers:
      - unit: { filters: 8, name: branch }
      - concatenate: { inputs: [input, branch] }`,
  layers: `${layers}
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ...(fixed !== undefined && { fixed }),
})

/** A spec that calls the block `unit`, whose definition has one mistake. */
const block = (title: string, definition: string, fixed?: string): BrokenSpec => ({
  title,
  also: `
blocks:${definition}`,
  layers: `
    - unit
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ...(fixed !== undefined && { fixed }),
})

export const blockRows: readonly BrokenSpec[] = [
  {
    title: 'the names of parameters as a list',
    also: 'blocks: { unit: { params: [filters, size], layers: [{ conv2d: { filters: $filters, kernelSize: $size } }] } } # ✗ schema/wrong-type',
    layers: `
    - unit: { filters: 4, size: 3 }
    - flatten
    - dense: { units: 10, activation: softmax }`,
    fixed: 'params: { filters: , size: }',
  },
  {
    title: 'one layer instead of the list of a repeat',
    layers: `
    - flatten
    - repeat: { times: 2, layers: { dense: { units: 8, activation: relu } } } # ✗ compose/bad-repeat
    - dense: { units: 10, activation: softmax }`,
    fixed: 'layers: [{ dense: { units: 8, activation: relu } }] }',
  },
  // blocks
  block('blocks that are no map', ' [unit] # ✗ schema/wrong-type'),
  block(
    'a block that is a list',
    `
  unit: [reLU] # ✗ schema/wrong-type`,
    'unit: { layers: [reLU] }',
  ),
  block(
    'a block without layers',
    `
  unit: { params: { n: 3 } } # ✗ schema/missing-key`,
  ),
  block(
    'an unknown key of a block',
    `
  unit:
    parms: { n: 3 } # ✗ schema/unknown-key
    layers: [reLU]`,
    'params: { n: 3 }',
  ),
  block(
    'a parameter that is named like a key of calls',
    `
  unit:
    params: { name: 3 } # ✗ schema/bad-name
    layers: [reLU]`,
  ),
  block(
    'a parameter that is no name',
    `
  unit:
    params: { kernel-size: 3 } # ✗ schema/bad-name
    layers: [reLU]`,
  ),
  block(
    'parameters as a list',
    `
  unit:
    params: [n] # ✗ schema/wrong-type
    layers: [{ dropout: { rate: 0.5, if: $(n == 1) } }]`,
  ),
  block(
    'a parameter that depends on itself',
    `
  unit:
    params: { n: $(n + 1) } # ✗ compose/cycle
    layers: [{ conv2d: { filters: $n, kernelSize: 3 } }]`,
  ),
  block(
    'a misspelt parameter',
    `
  unit:
    params: { filters: 3 }
    layers:
      - conv2d: { filters: $fliters, kernelSize: 3 } # ✗ compose/unknown-name`,
    'filters: $filters',
  ),
  block(
    'a block that contains itself',
    `
  unit:
    layers:
      - reLU
      - unit # ✗ compose/cycle`,
  ),
  block(
    'blocks that contain each other',
    `
  unit: { layers: [reLU, other] }
  other:
    layers:
      - unit # ✗ compose/cycle`,
  ),
  block(
    'an input layer in a block',
    `
  unit:
    layers:
      - input: { shape: [4] } # ✗ compose/input-inside
      - reLU`,
  ),
  block(
    'a reference to a layer around the call',
    `
  unit:
    layers:
      - add: { inputs: [input, stem] } # ✗ graph/unknown-input`,
  ),
  block(
    'a misspelt layer inside a block',
    `
  unit:
    layers:
      - reLU: { name: first }
      - add: { inputs: [input, frist] } # ✗ graph/unknown-input`,
    '[input, first]',
  ),
  block(
    'a foreign layer in a block',
    `
  unit:
    layers:
      - Conv2D: { filters: 8, kernelSize: 3 } # ✗ schema/unknown-layer`,
    'conv2d: { filters: 8, kernelSize: 3 }',
  ),
  block(
    'a foreign option in a block',
    `
  unit:
    layers:
      - conv2d: { filters: 8, kernel_size: 3 } # ✗ schema/unknown-key`,
    'kernelSize: 3',
  ),
  block(
    'a missing option in a block',
    `
  unit:
    layers:
      - conv2d: { filters: 8 } # ✗ schema/missing-key`,
  ),
  {
    ...block(
      'a mistake in a block that is never called',
      `
  unit: { layers: [reLU] }
  other: { layer: [reLU] } # ✗ schema/unknown-key`,
      'layers: [reLU]',
    ),
  },
  {
    title: 'a block named like a layer',
    also: `
blocks:
  dense: { layers: [reLU] } # ✗ schema/bad-name`,
  },
  {
    title: 'the first layer of a block with several inputs',
    dataset: '',
    input: '',
    layers: `
    - input: { name: a, shape: [4] }
    - input: { name: b, shape: [4] }
    - join: { inputs: [a, b] }
    - dense: { units: 10, activation: softmax }`,
    also: `
blocks:
  join:
    inputs: [left, right]
    layers:
      - dense: { units: 4 } # ✗ compose/bad-call
      - add: { inputs: [dense, right] }`,
  },
  // repeats
  calls(
    'a repeat without a number',
    `
    - repeat: { layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a repeat with two numbers',
    `
    - repeat: { times: 2, over: [1, 2], layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a repeat of an empty list',
    `
    - repeat: { times: 2, layers: [] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a repeat without layers',
    `
    - repeat: { times: 2 } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a negative number of iterations',
    `
    - repeat: { times: -1, layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'half an iteration',
    `
    - repeat: { times: $(3 / 2), layers: [reLU] } # ✗ compose/bad-repeat`,
  ),
  calls(
    'a repeat over a number',
    `
    - repeat: { over: 3, layers: [reLU] } # ✗ compose/bad-repeat`,
    'times: 3',
  ),
  calls(
    'a list as the number of iterations',
    `
    - repeat: { times: [1, 2], layers: [reLU] } # ✗ compose/bad-repeat`,
    'over: [1, 2]',
  ),
  calls(
    'a number of iterations under another name',
    `
    - repeat: { count: 3, layers: [reLU] } # ✗ schema/unknown-key`,
    'times: 3',
  ),
  calls(
    'layers of a repeat under another name',
    `
    - repeat: { times: 3, do: [reLU] } # ✗ schema/unknown-key`,
    'layers: [reLU]',
  ),
  calls(
    'a counter with a dollar',
    `
    - repeat: { times: 3, as: $i, layers: [{ unit: { filters: $(i + 1) } }] } # ✗ schema/bad-name`,
    'as: i',
  ),
  calls(
    'a misspelt key of a repeat',
    `
    - repeat: { times: 2, layers: [reLU], nmae: stage } # ✗ schema/unknown-key`,
    'name: stage',
  ),
  calls(
    'a counter that is not defined',
    `
    - repeat:
        times: 2
        layers:
          - unit: { filters: $(8 * i) } # ✗ compose/unknown-name`,
  ),
  calls(
    'a counter that is no name',
    `
    - repeat: { times: 2, as: 3, layers: [reLU] } # ✗ schema/bad-name`,
  ),
  calls(
    'a counter of two repeats',
    `
    - repeat:
        times: 2
        as: i
        layers:
          - repeat: { times: 2, as: i, layers: [reLU] } # ✗ schema/bad-name`,
  ),
  {
    title: 'a mistake in one iteration only',
    layers: `
    - repeat:
        times: 3
        as: i
        layers:
          - conv2d: { filters: $(2 - i), kernelSize: 3 } # ✗ schema/out-of-range
    - flatten
    - dense: { units: 10, activation: softmax }`,
  },
  calls(
    'a misspelt layer in a repeat',
    `
    - repeat:
        times: 2
        layers:
          - convd2: { filters: 8, kernelSize: 3 } # ✗ schema/unknown-layer`,
    'conv2d: { filters: 8, kernelSize: 3 }',
  ),
  calls(
    'a repeat that shrinks too much',
    `
    - repeat:
        times: 5
        layers:
          - unit: { filters: 4 }
          - maxPooling2d: { poolSize: 3 } # ✗ shape/kernel-exceeds-input`,
    'padding: same',
  ),
  calls(
    'a billion layers',
    `
    - repeat: { times: 1000000000, layers: [reLU] } # ✗ compose/too-large`,
  ),
]
