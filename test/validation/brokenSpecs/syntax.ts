/** Texts that are not YAML, or not the YAML that their author thinks, and of which it is clear what was meant. */
import type { BrokenSpec } from './brokenSpec.ts'

/** A row whose mistake is in one section, which follows the name and the dataset. */
const section = (title: string, lines: string, fixed?: string): BrokenSpec => ({
  title,
  spec: `
      name: example
      dataset: mnist
      layers: [flatten, { dense: { units: 10, activation: softmax } }]
      ${lines}
      `,
  ...(fixed !== undefined && { fixed }),
})

const layers = (title: string, lines: string, fixed?: string): BrokenSpec => ({
  title,
  spec: `
      name: example
      dataset: mnist
      layers: ${lines}
      `,
  ...(fixed !== undefined && { fixed }),
})

export const syntaxRows: readonly BrokenSpec[] = [
  layers(
    'an unknown anchor with all options',
    '[{ conv2d: { <<: *nope } }, flatten, { dense: { units: 10 } }] # ✗ source/unknown-alias',
  ),
  layers(
    'no comma after a number',
    '[flatten, { dense: { units: 10 activation: softmax } }] # ✗ source/syntax',
    'units: 10, activation',
  ),
  layers(
    'no comma after a text in quotes',
    `[flatten, { dense: { activation: "softmax" units: 10 } }] # ✗ source/syntax`,
    '"softmax", units',
  ),
  layers(
    'no comma between items',
    '[flatten, { dropout: { rate: 0.1 } } { dense: { units: 10 } }] # ✗ source/syntax',
    '0.1 } }, { dense',
  ),
  layers(
    'no comma at the end of a line in braces',
    `[flatten, { dense: { units: 10
        activation: softmax } }] # ✗ source/syntax`,
    'units: 10,\n',
  ),
  layers(
    'dashes without spaces',
    `
        -flatten # ✗ source/syntax
        -dense: { units: 10, activation: softmax }`,
    '- dense',
  ),
  section(
    'dashes without spaces, before words',
    `metrics:
        -accuracy # ✗ source/syntax
        -precision`,
    '- accuracy\n  - precision',
  ),
  section('a star as a key', 'learningRates: { *: 0.5 } # ✗ source/syntax', "'*': 0.5"),
  section(
    'a pattern that begins with a star',
    `learningRates:
        *ense: 0.5 # ✗ source/syntax`,
    "'*ense': 0.5",
  ),
  section(
    'a reference in braces, in a map in braces',
    `training: { epochs: \${n}, seed: 1 } # ✗ source/syntax
      vars: { n: 2 }`,
    'epochs: $n,',
  ),
  section('a placeholder of another language', 'training: { epochs: ${oc.env:N} } # ✗ source/syntax'),
  section('a template', 'training: { epochs: {{ n }} } # ✗ source/syntax\n      vars: { n: 2 }', 'epochs: $n }'),
  section('a template in a text', 'weights: { from: {{ folder }}/x.safetensors } # ✗ source/syntax'),
  section('an at sign', 'x-author: @me # ✗ source/syntax', 'x-author: "@me"'),
  section('a brace too many', 'training: { epochs: 2 }} # ✗ source/syntax', 'epochs: 2 }\n'),
  section('a number with a comma', 'training: { epochs: 1,000, seed: 1 } # ✗ source/syntax', 'epochs: 1000, seed'),
  section('a decimal comma', 'optimizer: { sgd: { learningRate: 0,01 } } # ✗ source/syntax', 'learningRate: 0.01 }'),
  section('a comma too many', 'metrics: [accuracy,, precision] # ✗ source/syntax', '[accuracy, precision]'),
  section(
    'no space after a colon',
    `training:
        epochs:3 # ✗ source/syntax
        seed: 1`,
    'epochs: 3\n',
  ),
  section('a quote in a text in quotes', `weights: { from: 'it's.safetensors' } # ✗ source/syntax`),
  section(
    'a no-break space as indentation',
    `training:
        epochs: 2
      \u00A0\u00A0seed: 1 # ✗ source/syntax`,
    '\n  seed: 1',
  ),
  layers(
    'a tag of Python',
    '[{ conv2d: { filters: 2, kernelSize: !!python/tuple [3, 3] } }, flatten, { dense: { units: 10, activation: softmax } }] # ✗ source/unknown-tag',
    'kernelSize: [3, 3]',
  ),
  section('a tag that would read the environment', 'training: { epochs: !ENV "2" } # ✗ source/unknown-tag'),
  {
    title: 'a tag that would include a file',
    spec: 'name: example\ndataset: mnist\nlayers: !include layers.yaml # ✗ source/unknown-tag\n',
  },
]
