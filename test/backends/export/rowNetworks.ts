/** The networks of `layerRows`: each has one layer with one choice of options. */
import { checkText } from '../../../src/analyze.ts'
import { yamlText } from '../../../src/source/edits.ts'
import { layerRows, maskedNetworks, type LayerRows } from './layerRows.ts'
import type { Network } from './pythonHarness.ts'

function networksOf(type: string, { inputs, options, ...holds }: LayerRows): Network[] {
  const names = inputs.map((_shape, index) => `in${index}`)
  const fed = inputs.map((shape, index) => yamlText({ input: { name: names[index], shape } }))
  return options.flatMap((given, index) => {
    const layer = type === 'input' ? 'dense: { units: 2 }' : yamlText({ [type]: { inputs: names, ...given } })
    const text = `layers:\n${[...fed, layer].map((one) => `  - ${one}\n`).join('')}`
    const isRefused = checkText(`name: row\n${text}`, 'row.yaml').diagnostics.some(
      ({ severity }) => severity === 'error',
    )
    return isRefused ? [] : [{ name: `${type}-${index}`, text, ...holds }]
  })
}

export const ofLayers: readonly Network[] = Object.entries(layerRows).flatMap(([type, rows]) => networksOf(type, rows))
export const ofMasks: readonly Network[] = Object.entries(maskedNetworks).map(([name, text]) => ({
  name: `masks-${name}`,
  text,
  ...(text.includes('masking') ? { maskValue: 0.5 } : { below: 3 }),
}))
