/** Renders the conditions of a run: its training options, its machine and its spec. */
import { html, type Html } from './html.ts'
import { formatDate } from './numbers.ts'
import type { Section } from './section.ts'
import type { ChoiceRecord, RunRecord } from './runRecord.ts'

type Fact = readonly [label: string, value: string | undefined]

export function renderConditions({ resolved, environment, specText }: RunRecord): Section {
  const { engine, date, node, platform, cpu, threads, cores = threads, step, tfjs, shapewright, weights } = environment
  const training: Fact[] = [
    ['dataset', resolved?.dataset && formatChoice(resolved.dataset)],
    ['initial weights', weights && `${weights.from}, sha256 ${weights.sha256.slice(0, 12)}…`],
    ['optimizer', resolved?.optimizer && formatChoice(resolved.optimizer)],
    ...Object.entries(resolved?.training ?? {}).map(([key, value]): Fact => [keyAsWords(key), formatSetting(value)]),
  ]
  const machine: Fact[] = [
    ['engine', engine && (engine.detail === undefined ? engine.name : `${engine.name}, ${engine.detail}`)],
    ['step', step],
    ['TensorFlow.js', tfjs],
    ['Shapewright', shapewright],
    ['Node', node],
    ['platform', platform],
    ['processor', cpu],
    ['available threads', cores?.toString()],
    ['began', date && formatDate(date)],
  ]
  return {
    id: 'conditions',
    title: 'Conditions',
    content: html`<div class="pair even">
        <div>
          <h3>Training</h3>
          ${renderFacts(training)}
        </div>
        <div>
          <h3>Machine</h3>
          ${renderFacts(machine)}
        </div>
      </div>
      ${
        typeof resolved?.command === 'string' &&
        html`<h3>Command <small>that repeats this run</small></h3>
          <pre class="spec"><code>${resolved.command}</code></pre>`
      }
      ${
        specText !== undefined &&
        html`<h3>Spec <small>as it was written</small></h3>
          <pre class="spec"><code>${specText.trimEnd()}</code></pre>`
      } `,
  }
}

function renderFacts(facts: readonly Fact[]): Html {
  return html`<dl class="list">
    ${facts.map(
      ([label, value]) =>
        value !== undefined &&
        html`<dt>${label}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

function formatChoice({ type, options = {} }: ChoiceRecord): string {
  const parts = Object.entries(options).map(([key, value]) => `${keyAsWords(key)} ${formatSetting(value)}`)
  return [type, ...parts].join(', ')
}

/** Returns `validationSplit` as `validation split`. */
function keyAsWords(key: string): string {
  return key.replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`)
}

function formatSetting(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value)
}
