/** Layers that compute each value separately, so that shapes do not change. */
import type { TObject } from 'typebox'
import { knownSize } from '../../language/dims.ts'
import { defineLayer, ok, type LayerDef, type StatedLayer } from '../../language/layerDef.ts'

/** Defines a layer without weights and with one operation per value; `more` may override both. */
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
