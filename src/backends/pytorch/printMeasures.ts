/** Prints the loss and the metrics of a PyTorch script. */
import { lookUp } from '../../language/schema.ts'
import { lossTable } from '../../parts/losses/table.ts'
import { metricTable } from '../../parts/metrics/table.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { quotePython } from '../python/printLiteral.ts'
import { lossForms, printMetric, type MetricForm } from './objectives.ts'
import { outputType, type PrintedObjective } from './training.ts'

export function printLoss(objectives: readonly PrintedObjective[], script: ScriptExperiment, several: boolean): string {
  const isWeighted = script.classWeights !== undefined
  const terms = objectives.map(({ loss, value, weight }) => {
    const call = lossForms[loss.type]!(value, loss.options, isWeighted)
    const own = isWeighted ? `weigh_classes(${call}, labels, weights)` : call
    return weight === 1 ? own : `${weight} * ${own}`
  })
  const weights = isWeighted ? ', weights: torch.Tensor' : ''
  return [
    `def loss_of(outputs: ${outputType(several)}, labels: torch.Tensor${weights}) -> torch.Tensor:`,
    ...(terms.length === 1
      ? [`    return ${terms[0]}`]
      : [`    loss = ${terms[0]}`, ...terms.slice(1).map((term) => `    loss = loss + ${term}`), '    return loss']),
  ].join('\n')
}

export interface Measured extends MetricForm {
  readonly name: string
}

/** The logs besides the loss: of several outputs, also the loss of each. */
export function measuresOf(objectives: readonly PrintedObjective[]): readonly Measured[] {
  const several = objectives.length > 1
  return objectives.flatMap(({ loss, metrics, value, prefix }) => {
    const own = several
      ? [{ name: `${prefix}loss`, sums: `${lossForms[loss.type]!(value, loss.options, false)} * len(labels)` }]
      : []
    const others = metrics.map(({ type, options }) => {
      const metric = lookUp(metricTable, type)
      const takesLogits =
        metric.takesLogits === true ||
        (Object.hasOwn(lossTable, type) &&
          lookUp(lossTable, type)
            .ofLogits?.(options)
            .some((one) => one === value.logits) === true)
      return { name: `${prefix}${type}`, ...printMetric(type, value, options, takesLogits) }
    })
    return [...own, ...others]
  })
}

export function printMeasure(metrics: readonly Measured[], several: boolean): string {
  const entries = [
    '"samples": torch.tensor(float(len(labels)), device=loss.device)',
    '"loss": loss.detach() * len(labels)',
    ...metrics.map(({ name, sums }) => `${quotePython(name)}: ${sums}`),
  ]
  return [
    '@torch.no_grad()',
    `def measure(loss: torch.Tensor, outputs: ${outputType(several)}, labels: torch.Tensor) -> dict[str, Any]:`,
    '    """The number of samples of a batch, and the sums of loss and metrics over it."""',
    '    return {',
    ...entries.map((entry) => `        ${entry},`),
    '    }',
  ].join('\n')
}

export function printSummary(metrics: readonly Measured[]): string {
  const special = metrics.filter(({ result }) => result !== undefined)
  const isMean = special.length === 0 ? '' : ' if name not in results'
  return [
    'def summarize(sums: dict[str, Any], prefix: str = "") -> dict[str, float]:',
    '    """The values of loss and metrics from their sums over all processes."""',
    '    join(*sums.values())',
    '    count = sums.pop("samples")',
    ...(special.length === 0
      ? []
      : [`    results = {${special.map(({ name, result }) => `${quotePython(name)}: ${result}`).join(', ')}}`]),
    `    logs = {f"{prefix}{name}": float(value / count) for name, value in sums.items()${isMean}}`,
    ...(special.length === 0
      ? []
      : ['    logs |= {f"{prefix}{name}": result(sums[name]) for name, result in results.items()}']),
    '    return logs',
  ].join('\n')
}
