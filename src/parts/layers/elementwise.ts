/** Layers that give each value a new one, so that shapes stay as they are. */
import type { TObject } from 'typebox'
import { knownSize } from '../../language/dims.ts'
import { defineLayer, ok, type LayerDef, type StatedLayer } from '../../language/layerDef.ts'

/** Without weights, and with one operation a value, unless `more` says otherwise. */
export function defineElementwise<const S extends TObject>(
  schema: S,
  more: Pick<StatedLayer<S>, 'lower'> & Partial<StatedLayer<S>>,
): LayerDef {
  return defineLayer<S>({
    schema,
    shape: (_options, [values]) => ok(values),
    weights: () => [],
    flops(_options, _inputs, output) {
      return knownSize(output)
    },
    ...more,
  })
}
