/** Merges the mistakes of all trials: each is reported once, where it is written, with the number of trials that have it. */
import { valueSpan } from '../compose/origins.ts'
import { severityOf } from '../diagnostics/codes.ts'
import type { Diagnostic, RelatedPlace, Span } from '../diagnostics/diagnostic.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { yamlText } from '../source/edits.ts'
import type { TrialValue } from './trial.ts'

/** A mistake, with the first trial that has it and the number of trials that have it. */
interface Group {
  readonly diagnostic: Diagnostic
  readonly label: string
  /** The values that all these trials have. */
  values: readonly TrialValue[]
  count: number
}

/** The largest number of values of a trial that are shown beside a mistake. */
const mostValues = 3

export class Mistakes {
  private readonly groups = new Map<string, Group>()
  private readonly ofBase: ReadonlySet<string>
  private readonly varying: ReadonlySet<string>
  private readonly file: string

  /** @param base The diagnostics of the base, which are reported already. */
  constructor(base: readonly Diagnostic[], parameters: readonly string[], file: string) {
    this.ofBase = new Set(base.map(keyOf))
    this.varying = new Set(parameters)
    this.file = file
  }

  add(diagnostics: readonly Diagnostic[], label: string, values: readonly TrialValue[]): void {
    for (const diagnostic of diagnostics) {
      const key = keyOf(diagnostic)
      if (this.ofBase.has(key)) continue
      const group = this.groups.get(key)
      if (group === undefined) {
        this.groups.set(key, {
          diagnostic,
          label,
          values: values.filter(({ path }) => this.varying.has(path)),
          count: 1,
        })
        continue
      }
      group.count += 1
      group.values = group.values.filter((one) => values.some((other) => isSame(one, other)))
    }
  }

  /**
   * Reports a value that no trial could have as the error that it is, other errors as a warning of infeasible trials, and
   * warnings as they are.
   *
   * @param section The span of the section `sweep`.
   * @param total The number of trials.
   */
  report(section: Span, total: number): Diagnostic[] {
    return [...this.groups.values()].map(({ diagnostic, label, values, count }): Diagnostic => {
      const { code, severity, message, span, related, path, help } = diagnostic
      const places = [...related, ...this.placesOf(values, [span, ...related.map((one) => one.span)])]
      const share = `${formatCount(count)} of ${formatCount(total)} trials`
      const isOfSweep = /^(schema|compose)\//.test(code) && isWithin(span, section)
      // A fix was not tried for all trials.
      if (severity !== 'error' || isOfSweep)
        return { ...diagnostic, message: `${message} (in ${share})`, related: places, fixes: [] }
      return {
        code: 'sweep/infeasible',
        severity: severityOf('sweep/infeasible'),
        message: `${share} ${count === 1 ? 'is infeasible,' : 'are infeasible, the first'} with ${label}: ${message} (${code})`,
        path,
        span,
        related: places,
        ...(help !== undefined && { help }),
        fixes: [],
      }
    })
  }

  /** The places of values that are not shown yet. */
  private placesOf(values: readonly TrialValue[], shown: readonly Span[]): RelatedPlace[] {
    return values
      .map(({ path, value, origin }) => ({
        message: `\`${path}\` is ${showValue(value)}`,
        span: valueSpan(origin, this.file),
      }))
      .filter(({ span }) => !shown.some((one) => one.file === span.file && one.start === span.start))
      .slice(0, mostValues)
  }
}

/** Whether two trials have the same value of a path. */
function isSame(one: TrialValue, other: TrialValue): boolean {
  return one.path === other.path && yamlText(one.value) === yamlText(other.value)
}

function keyOf({ code, span }: Diagnostic): string {
  return `${code} ${span.file ?? ''} ${span.start}:${span.end}`
}

export function isWithin(span: Span, other: Span): boolean {
  return span.file === other.file && other.start <= span.start && span.end <= other.end
}
