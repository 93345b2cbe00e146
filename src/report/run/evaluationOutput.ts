/** Prints the output of `evaluate`: scores of each output as JSON, or the worst samples as lines of text. */
import type { Inspection, OutputInspection } from '../../tasks/inspect/inspection.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { formatPercent, formatValue } from './numbers.ts'
import { nameSample } from './sampleNames.ts'

export function reportScoresJson(logs: Readonly<Record<string, number>>, inspection: Inspection): object {
  return { version: 1, ...logs, samples: inspection.samples, outputs: inspection.outputs.map(reportOutput) }
}

function reportOutput(inspection: OutputInspection): object {
  if (inspection.kind === 'values') {
    const { points: _points, ...scores } = inspection
    return scores
  }
  const { output, kind, classNames, accuracy, confusion, scores, average, mistakes } = inspection
  return {
    output,
    kind,
    accuracy,
    classes: scores.map((score, index) => ({ name: classNames[index], ...score })),
    average,
    confusion,
    mistakes: mistakes.map(({ picture: _picture, ...mistake }) => mistake),
  }
}

const samplesListed = 5

/** Lists the samples with the largest errors of each output, one per line, by the file, line or number that they come from. */
export function listWorstSamples({ outputs }: Inspection): string[] {
  return outputs.flatMap((output) => {
    const lines = output.kind === 'classes' ? listMistakes(output) : listMisses(output)
    const name = outputs.length > 1 ? ` of ${escapeInLine(output.output)}` : ''
    const title = output.kind === 'classes' ? `most confident mistakes${name}:` : `largest errors${name}:`
    return lines.length === 0 ? [] : [title, ...lines.slice(0, samplesListed).map((line) => `  ${escapeInLine(line)}`)]
  })
}

function listMistakes({
  mistakes,
  classNames,
  isProbability,
}: Extract<OutputInspection, { kind: 'classes' }>): string[] {
  const format = (value: number) => (isProbability ? formatPercent(value, 1) : formatValue(value))
  return mistakes.map(
    (one) =>
      `${nameSample(one)}: true class ${classNames[one.truth]}, predicted ${classNames[one.named]} (${format(one.confidence)})`,
  )
}

function listMisses({ worst = [] }: Extract<OutputInspection, { kind: 'values' }>): string[] {
  return worst.map((one) => `${nameSample(one)}: ${formatValue(one.target)}, predicted ${formatValue(one.prediction)}`)
}
