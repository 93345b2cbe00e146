/** The problems that the checker found, with fixes by a click, and the cost of the network if there are none. */
import { formatBytes, formatCount, formatLarge, countOf } from '../../../diagnostics/formatCount.ts'
import { applyEdits } from '../../../diagnostics/diagnostic.ts'
import { Markdown } from '../markdown.tsx'
import type { ViewProps } from '../viewProps.ts'
import type { CheckedDiagnostic, CheckedFix } from '../worker/messages.ts'

export function Problems({ session }: ViewProps) {
  const checked = session.checked.value
  if (checked === undefined) {
    return (
      <div class="problems">
        <p class="problem-summary">Loading the checker …</p>
      </div>
    )
  }
  const { diagnostics } = checked
  return (
    <div class="problems">
      <p class="problem-summary" role="status" data-state={stateOf(diagnostics)}>
        <span class="dot" aria-hidden="true" />
        {summarize(diagnostics)}
        <Cost session={session} />
        <button
          type="button"
          class="actions-button"
          title="What can be done at the cursor (Ctrl+.)"
          aria-haspopup="menu"
          onClick={() => (session.actionRequests.value += 1)}
        >
          Actions
        </button>
      </p>
      {diagnostics.length > 0 && (
        <ul aria-label="Problems">
          {diagnostics.map((one, index) => (
            <Problem key={index} session={session} problem={one} isOld={session.text.value !== checked.text} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Cost({ session }: ViewProps) {
  const cost = session.checked.value?.network.cost
  if (cost === undefined) return null
  return (
    <span class="cost">
      {formatCount(cost.params)} parameters · {formatLarge(cost.flops)}FLOP per sample · {formatBytes(cost.stepBytes)}{' '}
      for a step of {cost.batchSize}
    </span>
  )
}

interface ProblemProps extends ViewProps {
  readonly problem: CheckedDiagnostic
  /** Whether the text has changed since the check, so that edits may not fit. */
  readonly isOld: boolean
}

function Problem({ session, problem, isOld }: ProblemProps) {
  const { severity, code, message, help, span, line, fixes } = problem
  const isHere = span.file === undefined
  const apply = ({ edits }: CheckedFix) => {
    session.text.value = applyEdits(session.text.value, edits)
  }
  return (
    <li class="problem" data-severity={severity}>
      <button
        type="button"
        class="place"
        disabled={!isHere}
        onClick={() => (session.jump.value = { start: span.start, end: span.end })}
      >
        {isHere ? `line ${line}` : `${span.file}:${line}`}
      </button>
      <div class="problem-text">
        <span class="visually-hidden">{severity}: </span>
        <Markdown text={message} /> <span class="code">{code}</span>
        {help !== undefined && (
          <div class="help">
            <Markdown text={help} />
          </div>
        )}
        {fixes.map((fix) => (
          <button type="button" class="fix" disabled={isOld} key={fix.title} onClick={() => apply(fix)}>
            Fix: <Markdown text={fix.title} />
          </button>
        ))}
      </div>
    </li>
  )
}

function stateOf(diagnostics: readonly CheckedDiagnostic[]): string {
  return ['error', 'warning', 'hint'].find((one) => diagnostics.some(({ severity }) => severity === one)) ?? 'fine'
}

function summarize(diagnostics: readonly CheckedDiagnostic[]): string {
  const count = (severity: string) => diagnostics.filter((one) => one.severity === severity).length
  const parts = ['error', 'warning', 'hint'].filter((one) => count(one) > 0).map((one) => countOf(count(one), one))
  return parts.length === 0 ? 'No problems' : parts.join(', ')
}
