/** The output of `check --format json`: a contract, version 2, described by schema/check-output.schema.json. */
import type { Analysis } from '../analyze.ts'
import { toJsonPointer, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts'
import { FileLines, type Range } from '../diagnostics/positions.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { toJsonShape } from '../language/dims.ts'
import { isInput } from '../parts/layers/table.ts'
import { columnsAsJson } from './tableColumns.ts'

interface FileRange extends Range {
  readonly file: string
}

export function reportCheckJson(analyses: readonly Analysis[]): object {
  return { version: 2, files: analyses.map(reportFile) }
}

function reportFile({ source, spec, shaped, diagnostics }: Analysis): object {
  const lines = new FileLines(source.file, source.text, source.otherTexts)
  const byName = new Map(shaped.nodes.map((node) => [node.name, node]))
  const inputs = shaped.nodes.filter(({ layer }) => isInput(layer.type))
  const outputs = shaped.outputs.flatMap((name) => byName.get(name) ?? [])
  return {
    file: source.file,
    diagnostics: diagnostics.map((diagnostic) =>
      reportDiagnostic(diagnostic, (span) => ({ file: lines.fileOf(span), ...lines.range(span) })),
    ),
    layers: shaped.nodes.filter(({ implied }) => !implied).map(reportLayer),
    params: total(shaped.nodes, 'params'),
    trainableParams: total(shaped.nodes, 'trainableParams'),
    inputShapes: inputs.map(({ shape }) => toJsonShape(shape)),
    outputShapes: outputs.map(({ shape }) => toJsonShape(shape)),
    ...(spec.facts?.columns && { columns: columnsAsJson(spec.facts.columns) }),
  }
}

function reportDiagnostic(diagnostic: Diagnostic, rangeOf: (span: Span) => FileRange): object {
  const { code, severity, message, path, span, related, evidence, help, fixes } = diagnostic
  return {
    code,
    severity,
    message,
    path: toJsonPointer(path),
    range: rangeOf(span),
    related: related.map((place) => ({ message: place.message, range: rangeOf(place.span) })),
    ...(evidence && { evidence }),
    ...(help !== undefined && { help }),
    fixes: fixes.map(({ kind, title, edits }) => ({
      kind,
      title,
      edits: edits.map((edit) => ({ range: rangeOf(edit.span), newText: edit.newText })),
    })),
  }
}

export function reportLayer(node: ShapedNode): object {
  return {
    name: node.name,
    type: node.layer.type,
    ...(node.applies !== undefined && { sharedWith: node.applies }),
    inputs: node.inputs,
    inputShapes: node.inputShapes.map(toJsonShape),
    outputShape: toJsonShape(node.shape),
    weights: node.weights.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
    params: node.params,
    flops: node.flops,
  }
}

function total(nodes: readonly ShapedNode[], key: 'params' | 'trainableParams'): number {
  return nodes.reduce((sum, node) => sum + node[key], 0)
}
