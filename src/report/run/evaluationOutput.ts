/** What `evaluate` prints: loss and metrics, and for each output what else was counted; as JSON, or the worst samples as lines. */
import type { Inspection, OutputInspection } from '../../tasks/inspect/inspection.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { formatPercent, formatValue } from './numbers.ts'
import { nameSample } from './sampleNames.ts'

export function reportScoresJson(logs: Readonly<Record<string, number>>, inspection: Inspection): object {
  return { ...logs, samples: inspection.samples, outputs: inspection.outputs.map(reportOutput) }
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

/** The samples that each output is furthest off on, a line each, by the file, line or number that they come from. */
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
  const tell = (value: number) => (isProbability ? formatPercent(value, 1) : formatValue(value))
  return mistakes.map(
    (one) =>
      `${nameSample(one)}: true class ${classNames[one.truth]}, predicted ${classNames[one.named]} (${tell(one.confidence)})`,
  )
}

function listMisses({ worst = [] }: Extract<OutputInspection, { kind: 'values' }>): string[] {
  return worst.map((one) => `${nameSample(one)}: ${formatValue(one.target)}, predicted ${formatValue(one.prediction)}`)
}
