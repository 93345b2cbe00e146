/** The output of `evaluate --format json`: loss and metrics, and for each output what else was counted. */
import type { Inspection, OutputInspection } from '../../backends/inspection/inspection.ts'

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
