/** Gives the `expect` of a call or a repeat to the layer whose output is its output, which need not be one of its own layers. */
import { showValue } from '../diagnostics/schemaMessages.ts'
import { impliedInputName } from '../language/layerNames.ts'
import { isInput } from '../parts/layers/table.ts'
import { isMap } from './blocks.ts'
import type { Composition } from './composition.ts'
import { mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import type { Frame } from './frames.ts'
import type { LayerItem } from './layerItems.ts'
import type { LayerList } from './layerList.ts'
import { originAt } from './origins.ts'

/** @param output The name of the layer that the call or the repeat ends with, or passes through. */
export function expectOf(
  { context, out }: { readonly context: Composition; readonly out: LayerList },
  item: LayerItem,
  output: string,
  { scope: { use } }: Frame,
): void {
  if (!Object.hasOwn(item.options, 'expect')) return
  const { value: shape, origin } = item.expand('expect')
  const index = out.indexOf(output)
  const type = index === undefined ? undefined : out.layers[index]!.type
  if (index === undefined || type === undefined || isInput(type)) {
    // A layer with a mistake has no shape to compare.
    if (output !== impliedInputName && type === undefined) return
    const code = item.kind === 'repeat' ? 'compose/bad-repeat' : 'compose/bad-call'
    const message = `\`expect\` cannot be checked, since \`${item.name}\` adds no layer here and is the input of the network`
    context.report(code, origin, message, { use, help: 'remove `expect`' })
    return
  }
  const written = out.values[index]
  const options: unknown = isMap(written) ? written[type] : undefined
  const entries = isMap(options) ? options : {}
  const place = out.origins[index]!
  const optionsPlace = originAt(place, [type])
  const other = entries['expect']
  if (other === undefined || other === null) {
    out.values[index] = mapOf([[type, mapOf([...Object.entries(entries), ['expect', shape]])]])
    const inside = new Map([...(optionsPlace.inside ?? []), ['expect', origin] as const])
    out.origins[index] = { ...place, inside: new Map([...(place.inside ?? []), [type, { ...optionsPlace, inside }]]) }
  } else if (other !== unknown && shape !== unknown && JSON.stringify(other) !== JSON.stringify(shape)) {
    const message = `\`expect\` is ${showValue(shape)} here, but ${showValue(other)} at the layer \`${output}\`, which has the output of \`${item.name}\``
    context.report('shape/expect-not-met', origin, message, { use, help: 'remove one of the two' })
  }
}
