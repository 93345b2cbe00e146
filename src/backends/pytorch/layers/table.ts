/** The form of every layer type in PyTorch. A test requires one for each layer of the language. */
import { lookUp, readChoice, resolveOptions, type ChoiceValue } from '../../../language/schema.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import * as activations from './activationLayers.ts'
import {
  defineConvolutionForm,
  definePoolingForm,
  defineTransposedForm,
  depthwiseConv2d,
  separableConv2d,
} from './convolutions.ts'
import {
  convertLayout,
  defineForm,
  type LayerForm,
  type LayerOptions,
  type PlacedForm,
  type Stage,
  type Unsupported,
} from './form.ts'
import * as images from './images.ts'
import * as merges from './merges.ts'
import * as noise from './noise.ts'
import * as normalization from './normalization.ts'
import { bidirectional, convLstm2d, defineRecurrentForm, rnn } from './recurrent.ts'
import { stateWithin } from './state.ts'
import * as values from './values.ts'

/** Applies a layer to each step: the steps become samples. */
const timeDistributed = defineForm<{ readonly layer: ChoiceValue }>({
  wants: () => 'spec',
  gives: 'spec',
  stages({ options, inputs: [input], output, trainable }) {
    const { type, options: written } = readChoice(options.layer)
    if (lookUp(layerForms, type).measuresBatches === true)
      return { reason: 'TensorFlow.js normalizes each step by itself, and updates the statistics once for each step' }
    const held: PlacedForm<LayerOptions> = {
      options: resolveOptions(layerDef(type).schema, written),
      inputs: [input!.slice(1)],
      output: output.slice(1),
      layout: 'spec',
      isMasked: false,
      trainable: trainable && written['trainable'] !== false,
    }
    const stages = stagesInSpecLayout(type, held)
    if ('reason' in stages) return stages
    const modules = stages.flatMap((stage) => stage.modules ?? [printLambda(stage)])
    const inner = modules.length === 1 ? modules[0]! : `nn.Sequential(${modules.join(', ')})`
    const weighted = stages.find(({ state }) => state !== undefined)
    const place = weighted === undefined ? -1 : modules.indexOf(weighted.modules![0]!)
    const path = modules.length === 1 ? 'layer' : `layer.${place}`
    const module = `TimeDistributed(${inner})`
    return [{ modules: [module], ...(weighted && { state: stateWithin(path, weighted.state!) }) }]
  },
})

/** A stage without a module, as one. */
export function printLambda({ call }: Stage): string {
  return `Lambda(lambda x: ${call!('x')})`
}

export const layerForms: Readonly<Record<string, LayerForm>> = {
  input: values.input,
  conv1d: defineConvolutionForm(1),
  conv2d: defineConvolutionForm(2),
  conv3d: defineConvolutionForm(3),
  separableConv2d,
  depthwiseConv2d,
  conv2dTranspose: defineTransposedForm(2),
  conv3dTranspose: defineTransposedForm(3),
  maxPooling1d: definePoolingForm('max', 1),
  maxPooling2d: definePoolingForm('max', 2),
  maxPooling3d: definePoolingForm('max', 3),
  minPooling2d: definePoolingForm('min', 2),
  averagePooling1d: definePoolingForm('mean', 1),
  averagePooling2d: definePoolingForm('mean', 2),
  averagePooling3d: definePoolingForm('mean', 3),
  globalMaxPooling1d: images.defineGlobalForm('max', 1),
  globalMaxPooling2d: images.defineGlobalForm('max', 2),
  globalAveragePooling1d: images.defineGlobalForm('mean', 1),
  globalAveragePooling2d: images.defineGlobalForm('mean', 2),
  zeroPadding2d: images.zeroPadding2d,
  cropping2D: images.cropping2D,
  upSampling2d: images.upSampling2d,
  flatten: values.flatten,
  reshape: values.reshape,
  permute: values.permute,
  repeatVector: values.repeatVector,
  dense: values.dense,
  embedding: values.embedding,
  simpleRNN: defineRecurrentForm('simpleRNN'),
  gru: defineRecurrentForm('gru'),
  lstm: defineRecurrentForm('lstm'),
  rnn,
  convLstm2d,
  bidirectional,
  timeDistributed,
  activation: activations.activation,
  reLU: activations.reLU,
  leakyReLU: activations.leakyReLU,
  elu: activations.elu,
  prelu: activations.prelu,
  softmax: activations.softmax,
  thresholdedReLU: activations.thresholdedReLU,
  batchNormalization: normalization.batchNormalization,
  layerNormalization: normalization.layerNormalization,
  dropout: noise.dropout,
  spatialDropout1d: noise.spatialDropout1d,
  alphaDropout: noise.alphaDropout,
  gaussianDropout: noise.gaussianDropout,
  gaussianNoise: noise.gaussianNoise,
  masking: values.masking,
  add: merges.add,
  average: merges.average,
  multiply: merges.multiply,
  maximum: merges.maximum,
  minimum: merges.minimum,
  concatenate: merges.concatenate,
  dot: merges.dot,
  rescaling: values.rescaling,
  resizing: images.resizing,
  centerCrop: images.centerCrop,
  categoryEncoding: values.categoryEncoding,
  randomWidth: images.randomWidth,
}

/** The stages of a layer, with its input and output in the order of the spec. */
function stagesInSpecLayout(type: string, layer: PlacedForm<LayerOptions>): readonly Stage[] | Unsupported {
  const form = lookUp(layerForms, type)
  const wanted = form.wants(layer.options, layer.inputs)
  const layout = wanted === 'moved' && layer.inputs[0]!.length > 1 ? 'moved' : 'spec'
  const stages = form.stages({ ...layer, layout })
  if ('reason' in stages || layout === 'spec') return stages
  const isMoved = (form.gives ?? layout) === 'moved' && layer.output.length > 1
  return [convertLayout('moved'), ...stages, ...(isMoved ? [convertLayout('spec')] : [])]
}
