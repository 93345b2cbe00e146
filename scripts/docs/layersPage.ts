/** Prints docs/reference/layers.md: every layer, with the shapes that the checker proves for its example. */
import { formatShape, type Shape } from '../../src/language/dims.ts'
import type { LayerDef } from '../../src/language/layerDef.ts'
import type { PartDef } from '../../src/language/schema.ts'
import { yamlText } from '../../src/source/edits.ts'
import { applySchema, applyType } from '../../src/language/apply.ts'
import { commonFields } from '../../src/validation/schema.ts'
import { checkFragment, itemText, shownOptions, useOf } from './examples.ts'
import { code, sections, yamlBlock } from './markdown.ts'
import { describeAliases, optionTables } from './optionTable.ts'
import { descriptionOf, generatedNote, overview } from './partPage.ts'
import { pictureOf } from './pictures.ts'
import type { JsonSchema, LinkedChoices } from './typeText.ts'

const about = `The key \`layers\` of a spec: the network, from the input to the output. A layer is its type with its options, or the bare type where no option is required.
Types, options and defaults are those of tf.layers. Shapes leave out the batch and have the channels last; \`null\` is a size known only at run time.`

/** Inputs to try for an example, unless the definition states one: a vector, a sequence, an image, a volume. */
const usualInputs: readonly (readonly number[])[] = [[100], [50, 16], [28, 28, 3], [16, 28, 28, 3]]

export interface LayerExample {
  readonly text: string
  readonly inputs: readonly Shape[]
  readonly output: Shape
  readonly params: number
}

export function layersPage(table: Readonly<Record<string, LayerDef>>, choices: LinkedChoices): string {
  const applied: PartDef = { schema: applySchema }
  const parts = Object.entries(table).map(([type, layer]) => {
    const example = layerExample(type, layer)
    return sections(
      `## ${type}`,
      descriptionOf(layer),
      pictureOf(type),
      optionTables(layer.schema as unknown as JsonSchema, choices),
      yamlBlock(example.text),
      describeShapes(example),
      describeAliases(layer),
    )
  })
  const common = { properties: commonFields as unknown as Readonly<Record<string, JsonSchema>> }
  return sections(
    '# Layers',
    generatedNote,
    about,
    overview([...Object.keys(table), applyType], { ...table, [applyType]: applied }),
    '## Options of every layer',
    optionTables(common, choices),
    ...parts,
    `## ${applyType}`,
    descriptionOf(applied),
    'It takes the options of every layer except `trainable`.',
    optionTables(applySchema as unknown as JsonSchema, choices),
    yamlBlock(exampleOfApply),
  )
}

const exampleOfApply = `layers:
  - input: { name: left, shape: [100] }
  - input: { name: right, shape: [100] }
  - dense: { name: tower, units: 64, inputs: left }
  - apply: { layer: tower, inputs: right }
  - dot: { inputs: [tower, apply], axes: 1 }
`

/** @throws Error if no usual input fits the layer. */
export function layerExample(type: string, layer: LayerDef): LayerExample {
  const inputs = layer.exampleInput ? [layer.exampleInput] : usualInputs
  for (const shape of inputs) {
    const text = exampleText(type, layer, shape)
    const { diagnostics, shaped } = checkFragment(text)
    const node = shaped.nodes.find((one) => one.layer.type === type)
    if (diagnostics.length === 0 && node) {
      return { text, inputs: node.inputShapes, output: node.shape, params: node.params }
    }
  }
  throw new Error(`no usual input suits ${type}: state exampleInput in its definition`)
}

function exampleText(type: string, layer: LayerDef, shape: readonly number[]): string {
  const count = layer.arity.least
  const options = shownOptions(layer)
  const use = useOf(type, options)
  if (count === 0) return `layers:\n  - ${itemText(use)}\n  - flatten\n`
  const items =
    count === 1
      ? [use]
      : [
          ...['left', 'right'].map((name) => ({ input: { name, shape } })),
          { [type]: { inputs: ['left', 'right'], ...options } },
        ]
  const list = [...items, ...(layer.exampleFollower ? [layer.exampleFollower] : [])]
  const lines = list.map((item) => `  - ${itemText(item)}\n`).join('')
  return count === 1 ? `input: { shape: ${yamlText(shape)} }\nlayers:\n${lines}` : `layers:\n${lines}`
}

function describeShapes({ inputs, output, params }: LayerExample): string {
  if (inputs.length === 0) return ''
  const from = inputs.map((shape) => code(formatShape(shape))).join(' and ')
  const weights =
    params === 0 ? 'no parameters' : `${params.toLocaleString('en-US')} ${params === 1 ? 'parameter' : 'parameters'}`
  return `In this example: ${from} → ${code(formatShape(output))}, ${weights}.`
}
