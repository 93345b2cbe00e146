/** Collects the nodes of an ONNX graph. */
import type { Attribute, Initializer, OnnxNode } from './encodeModel.ts'

/** A size, or null if it is known only at run time. */
export type Size = number | null

/**
 * The output of a layer. Layers compute channels last, and ONNX channels first. A value is transposed when a node needs the
 * other form, at most once, so a chain of convolutions is transposed at its two ends only.
 */
export interface Value {
  /** The sizes as the layer states them, without the batch. */
  readonly shape: readonly Size[]
  /** The name of the tensor in the axes of the layer, once there is one. */
  plain?: string
  /** The name of the tensor with the last axis moved to the place after the batch, once there is one. */
  moved?: string
  /** The tensor [batch, steps] that has 0 for each step which later layers skip. */
  mask?: string
}

export class GraphBuilder {
  readonly nodes: OnnxNode[] = []
  readonly initializers: Initializer[] = []
  readonly #taken = new Map<string, number>()
  /** The prefix of the names of new tensors: the name of the layer. */
  #scope = ''

  enter(scope: string): void {
    this.#scope = scope
  }

  /** Adds a node with one output, and returns the name of that. */
  add(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.addSeveral(operator, inputs, attributes, 1)[0]!
  }

  addSeveral(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    count: number,
  ): readonly string[] {
    const outputs = Array.from({ length: count }, () => this.#name(operator))
    this.nodes.push({ operator, inputs, outputs, attributes })
    return outputs
  }

  /** Adds a node whose output has a given name. */
  addNamed(operator: string, inputs: readonly string[], output: string): void {
    this.nodes.push({ operator, inputs, outputs: [output], attributes: {} })
  }

  floats(values: readonly number[] | Float32Array, shape: readonly number[] = [values.length]): string {
    return this.#store(shape, Float32Array.from(values))
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#store(shape, BigInt64Array.from(values.map(BigInt)))
  }

  #store(shape: readonly number[], values: Initializer['values']): string {
    const name = this.#name('values')
    this.initializers.push({ name, shape, values })
    return name
  }

  reserve(name: string): void {
    this.#taken.set(name, 1)
  }

  #name(what: string): string {
    const name = `${this.#scope}/${what}`
    const count = this.#taken.get(name) ?? 0
    this.#taken.set(name, count + 1)
    return count === 0 ? name : `${name}_${count}`
  }

  /** The tensor in the axes of the layer. */
  plain(value: Value): string {
    const last = value.shape.length
    value.plain ??= this.add('Transpose', [value.moved!], { perm: [0, ...range(2, last + 1), 1] })
    return value.plain
  }

  /** The tensor with the last axis directly after the batch. */
  moved(value: Value): string {
    const last = value.shape.length
    // With one axis beside the batch, both forms are the same.
    value.moved ??=
      last < 2 ? value.plain! : this.add('Transpose', [value.plain!], { perm: [0, last, ...range(1, last)] })
    return value.moved
  }

  /** Applies a node that treats all numbers alike to whichever form there is. */
  map(value: Value, apply: (tensor: string) => string): Value {
    const { shape } = value
    return value.plain === undefined ? { shape, moved: apply(value.moved!) } : { shape, plain: apply(value.plain) }
  }

  /** Changes the shape of the tensor `plain`. A size known only at run time follows from the others. */
  reshape(tensor: string, shape: readonly Size[]): string {
    const sizes = shape.map((size) => size ?? -1)
    return this.add('Reshape', [tensor, this.integers([0, ...sizes])])
  }

  /** The sizes of the axes from `start` up to, not including, `end`, which are known at run time. */
  sizes(tensor: string, start: number, end = 2 ** 31 - 1): string {
    return this.add('Slice', [this.add('Shape', [tensor]), this.integers([start]), this.integers([end])])
  }
}

/** The whole numbers from `from` up to, not including, `until`. */
export function range(from: number, until: number): number[] {
  return Array.from({ length: until - from }, (_, index) => from + index)
}
