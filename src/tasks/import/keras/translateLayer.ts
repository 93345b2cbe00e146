/** Finds the form of a layer of Keras, and reports what has none, such as Python code. */
import type { Shape } from '../../../language/dims.ts'
import { asObject, asText, type Json } from '../readJson.ts'
import type { KerasLayer } from './kerasModel.ts'
import type { LayerTranslation, Step } from './layerForm.ts'
import { formOf, translateLayer } from './layerForms.ts'
import type { Translation } from './translateOptions.ts'

export function layerTranslation(translation: Translation): LayerTranslation {
  return {
    ...translation,
    translateClass(className, given) {
      const form = formOf(className)
      return form && translateLayer(given, form)
    },
  }
}

/** Translates a layer; undefined, after a report, if the language has none like it. */
export function stepsOf(
  layer: KerasLayer,
  inputs: readonly Shape[],
  translation: LayerTranslation,
): readonly Step[] | undefined {
  const { className, config, place } = layer
  const { problems } = translation
  if (className.endsWith('Lambda')) {
    problems.add(
      place,
      `a \`${className}\` contains Python code, which is never run`,
      'Replace it by layers, or export the model to ONNX.',
    )
    return undefined
  }
  // A class of the model's owner may have the name of one of Keras.
  const steps = isOfOwner(layer)
    ? undefined
    : translation.translateClass(className, { config, place, inputs, translation })
  if (steps === undefined) problems.add(place, `there is no layer like \`${className}\``)
  else reportPrecision(config['dtype'], place, translation)
  return steps
}

/** Whether its class is one of a script that Shapewright compiled. */
export function isOfScript({ className, registeredName = '' }: KerasLayer): boolean {
  return registeredName.startsWith('shapewright>') || className.startsWith('shapewright>')
}

/** The layers of Keras that change samples in training, and pass them on in prediction. */
const augmentations = /^Random(?:Brightness|ColorJitter|Contrast|Flip|Rotation|Shear|Translation|Zoom)$/

/** Whether it changes nothing in prediction, and has no form in training. */
export function onlyAugments(layer: KerasLayer): boolean {
  return augmentations.test(layer.className) && !isOfOwner(layer)
}

/** Whether its class may be another one than that of Keras. */
function isOfOwner(layer: KerasLayer): boolean {
  const { className, module = 'keras', registeredName = '' } = layer
  if (isOfScript(layer)) return false
  return !/^(tf_)?keras\b/.test(module) || registeredName.includes('>') || scriptClasses.test(className)
}

/** The classes that only compiled scripts have. */
const scriptClasses = /^(Aligned|Bilinear|Masked|Unmasked|Wide)/

/** Reports numbers that 32 bits cannot represent, and weights that are not stored as they are used. */
function reportPrecision(dtype: Json | undefined, place: string, { problems }: Translation): void {
  const policy = asText(dtype) ?? asText(asObject(asObject(dtype)?.['config'])?.['name']) ?? ''
  const isQuantized =
    /Quantized/.test(asText(asObject(dtype)?.['class_name']) ?? '') || /^(int8|int4|float8)_from/.test(policy)
  if (policy === 'float64')
    problems.add(`${place}: dtype`, 'it computes in float64, but networks here compute in float32')
  if (isQuantized) problems.add(`${place}: dtype`, 'its weights are quantized, for which there is no option')
}
