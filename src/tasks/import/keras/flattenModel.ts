/** Turns a Keras model into the layers of one network: nested models are written out, and layers used again are applied. */
import type { ImportedLayer } from '../importedNetwork.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import { isList, type Json } from '../readJson.ts'
import { inputShapeOf } from './inputShape.ts'
import { misread, type KerasLayer, type KerasModel } from './kerasModel.ts'
import { KerasMasks, makesMask, type MaskedLayer } from './masks.ts'
import { isTensor, type KerasNode, type TensorRef } from './kerasNode.ts'
import { unknownShape, type LayerTranslation, type Step } from './layerForm.ts'
import { addOperation, operationOf } from './operations.ts'
import { isOfScript, onlyAugments, stepsOf } from './translateLayer.ts'

/** A layer of the file whose weights the network has. */
export interface Leaf {
  readonly layer: KerasLayer
  /** The name of the imported layer that has its weights. */
  readonly name: string
}

export interface FlatModel {
  readonly leaves: readonly Leaf[]
  readonly outputs: readonly string[]
  /** The names of the layers that only change training samples, which the network lacks. */
  readonly augmentations: readonly string[]
}

/** Adds all layers of a model. Inputs come first. */
export function flattenModel(
  model: KerasModel,
  builder: NetworkBuilder,
  translation: LayerTranslation,
  file: string,
): FlatModel {
  builder.reserve(namesIn(model))
  const flattening = new Flattening(builder, translation, file)
  const inputs = flattening.addInputs(model)
  const outputs = flattening.addModel(model, inputs, true)
  return { outputs, leaves: flattening.leaves, augmentations: [...flattening.augmentations] }
}

function namesIn({ layers }: KerasModel): string[] {
  return layers.flatMap(({ name, model }) => [name, ...(model ? namesIn(model) : [])])
}

class Flattening {
  readonly leaves: Leaf[] = []
  readonly augmentations = new Set<string>()
  private readonly masks = new KerasMasks()
  private readonly first = new Map<KerasLayer, ImportedLayer>()
  private readonly builder: NetworkBuilder
  private readonly translation: LayerTranslation
  private readonly file: string

  constructor(builder: NetworkBuilder, translation: LayerTranslation, file: string) {
    this.builder = builder
    this.translation = translation
    this.file = file
  }

  addInputs(model: KerasModel): string[] {
    const add = (name: string, shape: Json | undefined, place: string) => {
      if (shape === undefined) {
        const help = 'Build the model before it is saved, or give its first layer an `input_shape`.'
        this.builder.problems.add(place, 'the shape of the input is not known', help)
      }
      const known = isList(shape) ? { type: 'input', options: { shape: shape.slice(1) } } : unknownLayer
      return this.builder.add({ name, ...known, inputs: [], place })
    }
    if (model.isSequential) {
      const [first] = model.layers
      const isInput = first?.className === 'InputLayer'
      return [add(isInput ? first.name : 'input', inputShapeOf(model), isInput ? first.place : 'layers[0]')]
    }
    return model.inputs.map((ref) => {
      const layer = this.layerOf(model, ref.layer)
      return add(layer.name, inputShapeOf(layer), layer.place)
    })
  }

  /** Applies a model to the layers that give its inputs, and returns those that give its outputs. */
  addModel(model: KerasModel, inputs: readonly string[], trainable: boolean): string[] {
    if (model.isSequential) return this.addChain(model, inputs, trainable)
    if (inputs.length !== model.inputs.length) {
      throw misread(
        this.file,
        `\`${model.name}\` has ${model.inputs.length} inputs, but is applied to ${inputs.length}`,
      )
    }
    return this.addGraph(model, inputs, trainable)
  }

  private addChain(model: KerasModel, inputs: readonly string[], trainable: boolean): string[] {
    let last = [...inputs]
    for (const layer of model.layers) {
      if (layer.className !== 'InputLayer') last = this.applyLayer(layer, last, trainable)
    }
    return last
  }

  /** Adds the layers that the outputs depend on, each after its inputs, branch by branch. */
  private addGraph(model: KerasModel, inputs: readonly string[], trainable: boolean): string[] {
    const done = new Map<string, readonly string[]>()
    model.inputs.forEach((ref, index) => done.set(keyOf(ref), [inputs[index]!]))
    const open = new Set<string>()
    const offsets = nodeOffsets(model)
    // A stack instead of recursion, since a chain of layers may be long.
    const stack = model.outputs.toReversed()
    while (stack.length > 0) {
      const ref = stack.at(-1)!
      const key = keyOf(ref)
      if (done.has(key)) {
        stack.pop()
        continue
      }
      const layer = this.layerOf(model, ref.layer)
      const node = layer.nodes[ref.node - (offsets.get(layer.name) ?? 0)]
      if (node === undefined) throw misread(this.file, `\`${layer.place}\` has no application ${ref.node}`)
      const needed = tensorsOf(node).filter((one) => !done.has(keyOf(one)))
      if (needed.length > 0) {
        if (open.has(key)) throw misread(this.file, `the inputs of \`${layer.place}\` form a cycle`)
        open.add(key)
        stack.push(...needed.toReversed())
        continue
      }
      const nameOf = (one: TensorRef) => this.outputOf(done.get(keyOf(one))!, one, layer)
      done.set(key, this.applyNode(model, layer, node, nameOf, trainable))
      stack.pop()
    }
    return model.outputs.map((ref) => this.outputOf(done.get(keyOf(ref))!, ref, this.layerOf(model, ref.layer)))
  }

  private outputOf(names: readonly string[], { tensor, layer }: TensorRef, user: KerasLayer): string {
    const name = names[tensor]
    if (name !== undefined) return name
    this.builder.problems.add(user.place, `it takes output ${tensor} of \`${layer}\`, but layers have one output`)
    return names[0]!
  }

  /** Removes the mask that Keras 3 states for a layer, if it is the one that the layer gets anyway. */
  private withoutOwnMask(model: KerasModel, node: KerasNode, inputs: readonly string[]): KerasNode {
    const { mask, ...others } = node.kwargs
    const isOwn = isTensor(mask) && makesMask(operationOf(this.layerOf(model, mask.layer)))
    return isOwn && this.masks.isMasked(inputs) ? { ...node, kwargs: others } : node
  }

  private applyNode(
    model: KerasModel,
    layer: KerasLayer,
    node: KerasNode,
    nameOf: (tensor: TensorRef) => string,
    trainable: boolean,
  ): readonly string[] {
    const operation = operationOf(layer)
    if (operation !== undefined) {
      return [
        addOperation(this.builder, { operation, layer, node, nameOf }) ??
          this.addUnknown(layer, node.args.filter(isTensor).map(nameOf)),
      ]
    }
    const inputs = node.args.filter(isTensor).map(nameOf)
    // Keras states `training: true` for each application of an augmentation.
    if (!onlyAugments(layer)) reportArguments(layer, this.withoutOwnMask(model, node, inputs), this.builder)
    return this.applyLayer(layer, inputs, trainable)
  }

  private applyLayer(layer: KerasLayer, inputs: readonly string[], outer: boolean): string[] {
    const trainable = outer && layer.config['trainable'] !== false
    if (layer.model !== undefined) return this.addModel(layer.model, inputs, trainable)
    if (takesMaskOff(layer)) return [...inputs]
    if (onlyAugments(layer)) {
      this.augmentations.add(layer.name)
      return [...inputs]
    }
    const shapes = inputs.map((input) => this.builder.shapeOf(input) ?? unknownShape)
    const steps = stepsOf(layer, shapes, this.translation)
    if (steps === undefined) return [this.addUnknown(layer, inputs)]
    const outputs = [...inputs]
    for (const [index, step] of steps.entries()) {
      const given = step.takes?.map((back) => outputs.at(-back)!) ?? (index === 0 ? inputs : outputs.slice(-1))
      const name = index === 0 ? this.addFirst(layer, step, given, trainable) : this.addNext(layer, step, given)
      this.followMask(layer, { name, ...step, inputs: given })
      outputs.push(name)
    }
    return steps.length === 0 ? outputs : outputs.slice(-1)
  }

  /** Adds the layer with the weights and the name of the one in the file, or applies the one that was added before. */
  private addFirst(layer: KerasLayer, step: Step, inputs: readonly string[], trainable: boolean): string {
    const { name, place } = layer
    const before = this.first.get(layer)
    if (before) return this.builder.apply(before, inputs, place)
    // A step may say that Keras never trains it.
    const added = this.builder.add({ trainable, name, ...step, inputs, place })
    if (this.builder.weights.has(added)) {
      this.first.set(layer, this.builder.layers.at(-1)!)
      this.leaves.push({ layer, name: added })
    }
    return added
  }

  private addNext({ name, place }: KerasLayer, step: Step, inputs: readonly string[]): string {
    return this.builder.add({ name: `${name}_${step.type}`, ...step, inputs, place })
  }

  private followMask(layer: KerasLayer, placed: Pick<MaskedLayer, 'name' | 'type' | 'options' | 'inputs'>): void {
    if (this.translation.dialect === 'tfjs') return
    this.masks.follow({ ...placed, place: layer.place, isOurs: isOfScript(layer) }, this.builder.problems)
  }

  /** Stands for a layer that was reported, so that those after it are checked as far as possible. */
  private addUnknown({ name, place }: KerasLayer, inputs: readonly string[]): string {
    return this.builder.add({ name, ...unknownLayer, inputs, place })
  }

  private layerOf(model: KerasModel, name: string): KerasLayer {
    const found = model.layers.find((layer) => layer.name === name)
    if (found === undefined) throw misread(this.file, `there is no layer \`${name}\` in \`${model.name}\``)
    return found
  }
}

const unknownLayer = { type: 'unknown', options: {} } as const

/** Whether it is the layer of compiled scripts without which Keras would read a mask that TensorFlow.js does not. */
function takesMaskOff(layer: KerasLayer): boolean {
  return isOfScript(layer) && layer.className.endsWith('WithoutMask')
}

function keyOf({ layer, node }: TensorRef): string {
  return `${node} ${layer}`
}

/** The tensors that a layer takes. Masks are followed apart. */
function tensorsOf({ args, kwargs: { mask: _mask, ...kwargs } }: KerasNode): TensorRef[] {
  return [...args, ...Object.values(kwargs)].filter(isTensor)
}

/** Keras 2 counts the creation of a nested model as its first application, so that references to it may begin at 1. */
function nodeOffsets(model: KerasModel): Map<string, number> {
  const most = new Map<string, number>()
  for (const { layer, node } of [...model.outputs, ...model.layers.flatMap(({ nodes }) => nodes.flatMap(tensorsOf))]) {
    most.set(layer, Math.max(most.get(layer) ?? 0, node))
  }
  const nested = model.layers.filter((layer) => layer.model !== undefined)
  return new Map(nested.map(({ name, nodes }) => [name, (most.get(name) ?? 0) >= nodes.length ? 1 : 0]))
}

/** Reports arguments of a call that change what the layer computes. */
function reportArguments({ place }: KerasLayer, { args, kwargs }: KerasNode, { problems }: NetworkBuilder): void {
  for (const argument of args) {
    if (!isTensor(argument) && argument.constant !== null)
      problems.add(place, 'it is called with an argument that is not a layer')
  }
  for (const [name, value] of Object.entries(kwargs)) {
    if (value === null || value === undefined || value === false || value === '') continue
    const isTrained = name === 'training'
    problems.add(
      `${place}: ${name}`,
      isTrained
        ? 'it always computes what it does in training, for which there is no option'
        : 'there is no option for this argument of its call',
    )
  }
}
