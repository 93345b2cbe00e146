/** Pooling over a whole sequence or image. Each layer has its own file, which names it. */
import { knownSize } from '../../language/dims.ts'
import { dataFormat } from '../../language/fields.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'
import { splitChannels } from './window.ts'

/** Defines a layer that reduces steps x channels to a vector of channels. */
export function defineGlobalPooling1d(factory: 'globalMaxPooling1d' | 'globalAveragePooling1d', description: string) {
  const schema = fieldsOf({}, description)
  return defineLayer({
    schema,
    shape: (_options, [sequence]) => checkInputKind(factory, 'sequence', sequence) ?? ok([sequence[1]!]),
    weights: () => [],
    flops: (_options, [sequence]) => knownSize(sequence),
    lower: () => layerCall(factory),
  })
}

/** Defines a layer that reduces an image to a vector of channels. */
export function defineGlobalPooling2d(factory: 'globalMaxPooling2d' | 'globalAveragePooling2d', description: string) {
  const schema = fieldsOf({ dataFormat }, description)
  return defineLayer({
    poolsImage: true,
    schema,
    shape: (options, [image]) =>
      checkInputKind(factory, 'image', image) ?? ok([splitChannels(image, options.dataFormat).channels]),
    weights: () => [],
    flops: (_options, [image]) => knownSize(image),
    lower: (options) => layerCall(factory, given(schema, options)),
  })
}
