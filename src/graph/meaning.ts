/** What no schema and no shape sees: whether data, network, loss and optimizer mean the same thing. */
import { datasetTable } from '../datasets/table.ts'
import type { DatasetDef } from '../datasets/datasetDef.ts'
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { formatShape } from '../layers/dims.ts'
import { lossTable, type LossDef } from '../losses/table.ts'
import { optimizerTable } from '../optimizers/table.ts'
import { setValue } from '../source/edits.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../spec/spec.ts'
import { toFix, type ShapedGraph, type ShapedNode } from './shapes.ts'

export function checkMeaning(spec: Spec, shaped: ShapedGraph, source: SourceDocument): Diagnostic[] {
  const checker = new MeaningChecker(spec, shaped, source)
  checker.check()
  return checker.diagnostics
}

class MeaningChecker {
  readonly diagnostics: Diagnostic[] = []
  private readonly spec: Spec
  private readonly shaped: ShapedGraph
  private readonly source: SourceDocument
  private readonly byName: ReadonlyMap<string, ShapedNode>

  constructor(spec: Spec, shaped: ShapedGraph, source: SourceDocument) {
    this.spec = spec
    this.shaped = shaped
    this.source = source
    this.byName = new Map(shaped.nodes.map((node) => [node.name, node]))
  }

  check(): void {
    const dataset = this.spec.dataset && datasetTable[this.spec.dataset.type]
    if (dataset) {
      this.checkInputShape(dataset)
      this.checkBatchSize(dataset)
    }
    this.checkLearningRate()
    this.checkRedundantBiases()
    if (!this.shaped.complete) return
    const trained = this.spec.loss && this.shaped.nodes.every(({ trainableParams }) => trainableParams === 0)
    if (trained) {
      this.report('meaning/nothing-to-train', ['layers'], 'no layer has weights that training changes', {
        atKey: true,
        help: 'add a layer with weights, such as `dense`',
      })
    }
    for (const name of this.shaped.outputs) this.checkOutput(this.byName.get(name), dataset)
  }

  private checkInputShape(dataset: DatasetDef): void {
    for (const node of this.shaped.nodes) {
      if (node.layer.type !== 'input') continue
      const stated = node.shape
      const isSame =
        stated.length === dataset.sampleShape.length &&
        stated.every((size, axis) => typeof size !== 'number' || size === dataset.sampleShape[axis])
      if (isSame) continue
      const path: Path = node.implied ? node.layer.path : [...node.layer.path, 'shape']
      const edits = setValue(this.source, path, dataset.sampleShape)
      const message = `the input is ${formatShape(stated)}, but \`${this.spec.dataset!.type}\` has samples of ${formatShape(dataset.sampleShape)}`
      this.report('meaning/input-shape', path, message, {
        help: 'leave the input out: the dataset gives it',
        fixes: edits ? [{ title: `set the shape to ${formatShape(dataset.sampleShape)}`, edits }] : [],
      })
    }
  }

  private checkBatchSize(dataset: DatasetDef): void {
    const { batchSize, validationSplit } = this.spec.training
    const count = dataset.trainCount - Math.floor(dataset.trainCount * validationSplit)
    if (batchSize <= count) return
    const message = `a batch of ${batchSize} is larger than the ${count} samples to train on`
    this.report('meaning/batch-exceeds-data', ['training', 'batchSize'], message, { help: 'usual sizes are 32 to 512' })
  }

  private checkLearningRate(): void {
    const { optimizer } = this.spec
    const rate = optimizer?.options['learningRate']
    const largest = optimizer && optimizerTable[optimizer.type]?.largestRate
    if (typeof rate !== 'number' || largest === undefined || rate <= largest) return
    const message = `a learning rate of ${rate} is far more than \`${optimizer!.type}\` bears: training will diverge`
    this.report('meaning/learning-rate', ['optimizer', optimizer!.type, 'learningRate'], message, {
      severity: 'warning',
      help: 'usual rates are 0.0001 to 0.1',
    })
  }

  private checkRedundantBiases(): void {
    for (const node of this.shaped.nodes) {
      if (node.layer.type !== 'batchNormalization') continue
      const before = this.byName.get(node.inputs[0] ?? '')
      const { useBias, activation } = before?.layer.options ?? {}
      if (before === undefined || useBias !== true || (activation ?? 'linear') !== 'linear') continue
      this.report(
        'meaning/redundant-bias',
        before.layer.path,
        `the bias of \`${before.name}\` has no effect: the batch normalization behind it takes the mean away`,
        {
          severity: 'hint',
          atKey: true,
          help: '`useBias: false` saves its parameters',
          fixes: toFix({ kind: 'set', option: 'useBias', value: false }, before.layer, this.source),
        },
      )
    }
  }

  private checkOutput(output: ShapedNode | undefined, dataset: DatasetDef | undefined): void {
    const loss = this.spec.loss && lossTable[this.spec.loss.type]
    if (output === undefined || !loss) return
    if (output.layer.type === 'dropout') {
      this.report(
        'meaning/dropout-before-output',
        output.layer.path,
        'this dropout is the output: it blots out predictions while training',
        {
          severity: 'warning',
          atKey: true,
          help: 'put it before the last layer with weights',
        },
      )
    }
    if (dataset && loss.labels !== 'classes' && dataset.classes !== 2) return this.reportLabels(dataset)
    if (dataset && output.shape.length !== 1) {
      this.reportRank(output)
      // Its last axis is what the vector will be, once the network ends in a layer that makes one.
      if (!('units' in (this.unitsOf(output)?.layer.options ?? {}))) return
    }
    this.checkActivation(output, loss)
    if (dataset) this.checkClassCount(output, dataset, loss)
  }

  private reportRank(output: ShapedNode): void {
    const message = `the output is ${formatShape(output.shape)}, but \`${this.spec.loss!.type}\` compares one vector a sample with its class`
    this.report('meaning/output-rank', output.layer.path, message, {
      atKey: true,
      help: '`flatten` or `globalAveragePooling2d` before the last layer makes a vector',
      fixes: toFix({ kind: 'insertBefore', layer: 'flatten' }, output.layer, this.source),
    })
  }

  private reportLabels(dataset: DatasetDef): void {
    const path = ['loss']
    const edits = setValue(this.source, path, 'categoricalCrossentropy')
    const message = `\`${this.spec.loss!.type}\` does not fit the labels of \`${this.spec.dataset!.type}\`: one of ${dataset.classes} classes`
    this.report('meaning/loss-labels', path, message, {
      help: 'classes that exclude each other take `categoricalCrossentropy`',
      fixes: edits ? [{ title: 'replace it by `categoricalCrossentropy`', edits }] : [],
    })
  }

  private checkActivation(output: ShapedNode, loss: LossDef): void {
    const found = this.finalActivation(output)
    if (loss.activations === undefined || found === undefined || loss.activations.includes(found.activation)) return
    const { node, activation } = found
    const wanted = loss.activations[0]!
    const path = [...node.layer.path, 'activation']
    const isWritten = this.source.pairAt(path) !== undefined
    const message = `the network ends in ${activation === 'linear' ? 'no activation' : `\`${activation}\``}, but \`${this.spec.loss!.type}\` takes probabilities`
    this.report('meaning/loss-activation', isWritten ? path : node.layer.path, message, {
      atKey: !isWritten,
      help: `end it in ${listWords(loss.activations)}`,
      fixes: toFix({ kind: 'set', option: 'activation', value: wanted }, node.layer, this.source),
    })
  }

  private checkClassCount(output: ShapedNode, dataset: DatasetDef, loss: LossDef): void {
    const units = output.shape.at(-1)
    const wanted = loss.labels === 'binary' ? 1 : dataset.classes
    const maker = this.unitsOf(output)
    const path = maker?.layer.path ?? output.layer.path
    const option = maker && ('units' in maker.layer.options ? 'units' : 'filters')
    if (units === wanted || typeof units !== 'number') return
    const isSingle = units === 1 && this.finalActivation(output)?.activation === 'softmax'
    const message = isSingle
      ? `softmax over a single unit is always 1; \`${this.spec.dataset!.type}\` has ${dataset.classes} classes`
      : `the network ends in ${units} units, but \`${this.spec.dataset!.type}\` has ${dataset.classes} classes`
    this.report(
      isSingle ? 'meaning/single-softmax' : 'meaning/class-count',
      option ? [...path, option] : path,
      message,
      {
        atKey: option === undefined,
        help: `one unit for each class: ${wanted}`,
        fixes: maker && option ? toFix({ kind: 'set', option, value: wanted }, maker.layer, this.source) : [],
      },
    )
  }

  /** The layer whose activation the output has, looking through layers that pass values on. */
  private finalActivation(output: ShapedNode): { node: ShapedNode; activation: string } | undefined {
    for (let node: ShapedNode | undefined = output; node; node = this.byName.get(node.inputs[0] ?? '')) {
      const activation = node.layer.options['activation']
      if (typeof activation === 'string') return { node, activation }
      if (!passesThrough.has(node.layer.type)) return undefined
    }
    return undefined
  }

  /** The layer that decides how many values the output has. */
  private unitsOf(output: ShapedNode): ShapedNode | undefined {
    for (let node: ShapedNode | undefined = output; node; node = this.byName.get(node.inputs[0] ?? '')) {
      if ('units' in node.layer.options || 'filters' in node.layer.options) return node
      if (node.layer.type === 'flatten') return undefined
    }
    return undefined
  }

  private report(code: Diagnostic['code'], path: Path, message: string, options: ReportOptions): void {
    this.diagnostics.push(reportAt(this.source, code, path, message, options))
  }
}

const passesThrough: ReadonlySet<string> = new Set(['dropout', 'flatten'])
