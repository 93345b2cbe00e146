/** Warns of images whose channels are the first axis, although the layer after them takes the last one. */
import { formatShape } from '../language/dims.ts'
import { isInput } from '../parts/layers/table.ts'
import { readersOf } from './checkedNetwork.ts'
import { defineRule } from './defineRule.ts'

/** The numbers of channels that images usually have. */
const usualChannels: ReadonlySet<unknown> = new Set([1, 2, 3, 4])

export const channelsFirst = defineRule({
  codes: ['meaning/channels-first'],
  check({ shaped }) {
    const readers = readersOf(shaped)
    const inputs = shaped.nodes.filter(({ layer, shape }) => {
      const [first, ...others] = shape
      return (
        isInput(layer.type) &&
        shape.length === 3 &&
        usualChannels.has(first) &&
        !others.some((size) => usualChannels.has(size))
      )
    })
    return inputs.flatMap(({ name, shape }) => {
      const [first, ...sizes] = shape
      const reader = readers.get(name)?.find(({ layer }) => layer.options['dataFormat'] === 'channelsLast')
      if (reader === undefined) return []
      const right = formatShape([...sizes, first!])
      return [
        {
          path: reader.layer.path,
          atKey: true,
          message: `\`${reader.layer.type}\` reads its ${formatShape(shape)} input as ${String(sizes.at(-1))} channels, but the first axis looks like the channels`,
          help: `shapes are height x width x channels, such as ${right}: transpose the samples (\`x.transpose(0, 2, 3, 1)\` in NumPy), or set \`dataFormat: channelsFirst\``,
        },
      ]
    })
  },
})
