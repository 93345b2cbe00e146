/** The fields of `weights`: the file of trained weights from which training starts, and the layers that take theirs from it. */
import * as Type from 'typebox'
import { patternsField } from '../language/layerPattern.ts'
import { fieldsOf } from '../language/schema.ts'

export const weightsSchema = fieldsOf(
  {
    from: Type.String({
      description:
        'The run folder, or the file in the format safetensors, Keras (`.keras`) or TensorFlow.js (`model.json`). A relative path starts at the folder of the spec.',
      examples: ['runs/digits', 'resnet.safetensors'],
    }),
    layers: Type.Optional(
      patternsField(
        'The layers that take their weights from the file, by name; `*` stands for any characters. The default is all.',
        ['conv*', ['stem', 'stage*']],
      ),
    ),
    except: Type.Optional(
      patternsField('The layers that keep their initial weights, although `layers` chooses them.', ['head']),
    ),
  },
  'The trained weights to start from. Layers are matched by name, and their shapes are checked before training.',
)
