/** Variables, references and expressions with a mistake. */
import { classify, type BrokenSpec } from './brokenSpec.ts'

const vars = 'vars: { width: 16, size: 3, padding: same, mode: same, deep: true, list: [3, 3], none: null }'

/** A convolution with one mistake, in a spec with variables. */
const conv = (title: string, options: string, code: string, fixed?: string): BrokenSpec => ({
  title,
  also: vars,
  layers: `
    - conv2d: { ${options} } # ✗ ${code}${classify}`,
  ...(fixed !== undefined && { fixed }),
})

/** Variables with one mistake. A line with a mark has the mistake. */
const variables = (title: string, lines: string, fixed?: string): BrokenSpec => ({
  title,
  also: `vars:${lines}`,
  layers: `
    - conv2d: { filters: $width, kernelSize: 3 }${classify}`,
  ...(fixed !== undefined && { fixed }),
})

const reference = 'compose/bad-reference'
const type = 'schema/wrong-type'
const value = 'schema/unknown-value'
const unknown = 'compose/unknown-name'
const expression = 'compose/bad-expression'

export const referenceRows: readonly BrokenSpec[] = [
  ...(['max', 'hidden-size'] as const).map((name): BrokenSpec => ({
    title: `a variable that cannot be called ${name}, and its reference`,
    also: `vars: { ${name}: 10 } # ✗ schema/bad-name`,
    layers: `
    - flatten
    - dense: { units: $${name}, activation: softmax }`,
  })),
  // references
  conv('a misspelt variable', 'filters: $widht, kernelSize: 3', unknown, 'filters: $width,'),
  conv('a variable in capitals', 'filters: $WIDTH, kernelSize: 3', unknown, 'filters: $width,'),
  conv('a misspelt variable in an expression', 'filters: $(2 * widht), kernelSize: 3', unknown, '$(2 * width)'),
  conv(
    'a misspelt variable in a quoted expression',
    'filters: "$(2 * widht)", kernelSize: 3',
    unknown,
    '"$(2 * width)"',
  ),
  conv('a misspelt variable in a list', 'filters: 8, kernelSize: [$siez, 3]', unknown, '[$size, 3]'),
  conv('a name that is not defined', 'filters: $channels, kernelSize: 3', unknown),
  conv('a variable of the environment', 'filters: $HOME, kernelSize: 3', unknown),
  conv('a reference with braces', 'filters: "${width}", kernelSize: 3', 'compose/bad-reference', 'filters: $width,'),
  conv('a reference inside a text', 'filters: 8, kernelSize: 3, name: $width-conv', 'compose/bad-reference'),
  conv('a reference with an operator', 'filters: $width*2, kernelSize: 3', reference, '$(width*2)'),
  conv('a sum of a reference', 'filters: $width * 2, kernelSize: 3', reference, '$(width * 2)'),
  conv('a variable with its section', 'filters: $vars.width, kernelSize: 3', reference, 'filters: $width,'),
  conv('a reference with two braces', 'filters: "${{ width }}", kernelSize: 3', reference, 'filters: $width,'),
  conv('two braces without a dollar', 'filters: "{{ width }}", kernelSize: 3', type, 'filters: $width,'),
  conv('a variable without a dollar', 'filters: width, kernelSize: 3', type, 'filters: $width,'),
  conv('an expression without a dollar', 'filters: width * 2, kernelSize: 3', type, 'filters: $(width * 2),'),
  conv('an expression in parentheses', 'filters: (width * 2), kernelSize: 3', type, 'filters: $(width * 2),'),
  conv('an expression with a comma', 'filters: "max(8, width)", kernelSize: 3', type, '"$(max(8, width))"'),
  conv('a dollar inside an expression', 'filters: 2 * $width, kernelSize: 3', type, 'filters: $(2 * width),'),
  conv('a word that is no variable', 'filters: other, kernelSize: 3', type),
  conv('a variable of a wrong type without a dollar', 'filters: padding, kernelSize: 3', type),
  conv('a variable where one word of several belongs', 'filters: 8, kernelSize: 3, padding: mode', value, '$mode'),
  {
    title: 'a condition without a dollar',
    also: vars,
    layers: `
    - reLU: { if: deep } # ✗ schema/wrong-type${classify}`,
    fixed: 'if: $deep',
  },
  {
    title: 'a parameter without a dollar',
    also: `
blocks:
  unit:
    params: { filters: 8 }
    layers:
      - conv2d: { filters: filters, kernelSize: 3 } # ✗ schema/wrong-type`,
    layers: `
    - unit${classify}`,
    fixed: 'filters: $filters',
  },
  {
    title: 'a counter without a dollar',
    layers: `
    - repeat: { times: 2, as: i, layers: [{ conv2d: { filters: i + 1, kernelSize: 3 } }] } # ✗ schema/wrong-type${classify}`,
    fixed: 'filters: $(i + 1)',
  },
  {
    title: 'a number of iterations without a dollar',
    also: vars,
    layers: `
    - repeat: { times: size - 1, layers: [reLU] } # ✗ compose/bad-repeat${classify}`,
    fixed: 'times: $(size - 1)',
  },
  {
    title: 'variables under another name',
    also: `
variables: { width: 8 } # ✗ schema/unknown-key`,
    fixed: 'vars: { width: 8 }',
  },
  {
    title: 'a section of blocks in the singular',
    also: `
block: { unit: { layers: [reLU] } } # ✗ schema/unknown-key`,
    fixed: 'blocks: { unit',
  },
  conv('a number where a word belongs', 'filters: 8, kernelSize: 3, activation: $size', 'schema/wrong-type'),
  conv('a word where a number belongs', 'filters: $padding, kernelSize: 3', 'schema/wrong-type'),
  conv('a list where a number belongs', 'filters: $list, kernelSize: 3', 'schema/wrong-type'),
  conv('an escaped reference', 'filters: $$width, kernelSize: 3', 'schema/wrong-type'),
  conv(
    'a misspelt option beside a reference',
    'filters: $width, kernel_size: $size',
    'schema/unknown-key',
    'kernelSize: $size',
  ),
  conv(
    'a foreign layer with references',
    'filters: $width, kernelSize: 3, stride: $size',
    'schema/unknown-key',
    'strides: $size',
  ),
  // expressions
  conv('an expression that is not closed', 'filters: "$(width * 2", kernelSize: 3', expression),
  conv('an expression without its end', 'filters: $(width *), kernelSize: 3', expression),
  conv('a product without a sign', 'filters: $(2width), kernelSize: 3', expression),
  conv('a division by zero', 'filters: $(width // (size - 3)), kernelSize: 3', expression),
  conv('a sum with a word', 'filters: $(padding + 1), kernelSize: 3', expression),
  conv('a sum with a list', 'filters: $(list + 1), kernelSize: 3', expression),
  {
    title: 'a sum with a map',
    also: `
vars: { map: { units: 2 } }`,
    layers: `
    - dense: { units: $(map + 1) } # ✗ compose/bad-expression`,
  },
  conv('a number as a condition', 'filters: $(8 if width else 4), kernelSize: 3', expression),
  conv('an unknown function', 'filters: $(abs(width)), kernelSize: 3', expression),
  conv('an operator of C', 'filters: "$(8 if deep && deep else 4)", kernelSize: 3', expression),
  conv('a fraction where a whole number belongs', 'filters: $(width / 3), kernelSize: 3', 'schema/wrong-type'),
  conv('a result out of range', 'filters: $(width - 16), kernelSize: 3', 'schema/out-of-range'),
  conv(
    'a kernel that is too large',
    'filters: 8, kernelSize: $(size * 10)',
    'shape/kernel-exceeds-input',
    'padding: same',
  ),
  conv(
    'an expression with a comma, not in quotes',
    'filters: $(max(8, width)), kernelSize: 3',
    'source/unquoted-expression',
    'filters: "$(max(8, width))",',
  ),
  conv(
    'an expression with a comma and a text, not in quotes',
    'filters: $(max(8, 16 if padding == "same" else 4)), kernelSize: 3',
    'source/unquoted-expression',
    `filters: '$(max(8, 16 if padding == "same" else 4))',`,
  ),
  // variables
  variables('variables that are no map', ' [width] # ✗ schema/wrong-type'),
  variables(
    'a cycle of two',
    `
  width: $(depth * 2) # ✗ compose/cycle
  depth: $(width / 2)`,
  ),
  variables(
    'a variable of itself',
    `
  width: $(width + 1) # ✗ compose/cycle`,
  ),
  variables(
    'an unused variable without a value',
    `
  width: 8
  other: $(1 / 0) # ✗ compose/bad-expression`,
  ),
  variables(
    'a variable with a hyphen',
    `
  width: 8
  base-width: 8 # ✗ schema/bad-name`,
  ),
  variables(
    'a variable named like a function',
    `
  width: 8
  max: 8 # ✗ schema/bad-name`,
  ),
  variables(
    'a variable named like a word of expressions',
    `
  width: 8
  else: 8 # ✗ schema/bad-name`,
  ),
  variables(
    'a misspelt variable in a variable',
    `
  width: $(2 * bsae) # ✗ compose/unknown-name
  base: 8`,
    '$(2 * base)',
  ),
  {
    title: 'an option inside a variable',
    also: `
vars:
  optimizer:
    sgd: { learning_rate: 0.1 } # ✗ schema/unknown-key`,
    optimizer: '$optimizer',
    fixed: 'learningRate: 0.1',
  },
  {
    title: 'a section misspelt beside variables',
    also: `
vars: { width: 8 }
trainig: { epochs: 2 } # ✗ schema/unknown-key`,
    training: '',
    fixed: 'training: { epochs: 2 }',
  },
]
