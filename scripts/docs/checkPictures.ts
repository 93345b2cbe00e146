/** Draws docs/check.svg and docs/check-dark.svg, the README's picture of a check and its fix, in the colours of a terminal. */
import { checkText } from '../../src/analyze.ts'
import { formatCount } from '../../src/diagnostics/formatCount.ts'
import { renderPretty, type Palette } from '../../src/diagnostics/renderPretty.ts'
import { applyFixes } from '../../src/fixes.ts'

const file = 'digits.yaml'
const spec = `name: digits
dataset: mnist
layers:
  - Conv2D: { filters: 32, kernelSize: 3, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - conv2d: { filters: 64, kernelSize: 15 }
  - flatten
  - dense: { units: 10, activation: softmax }
`

/** Marks that survive escaping: private-use characters around the name of a style. */
const mark = (style: string) => (text: string) => `\ue000${style}\ue001${text}\ue002`
const palette: Palette = {
  bold: mark('bold'),
  dim: mark('dim'),
  red: mark('red'),
  yellow: mark('yellow'),
  cyan: mark('cyan'),
  green: mark('green'),
  blue: mark('blue'),
}

const themes = {
  'check.svg': {
    ground: '#f6f8fa',
    text: '#1f2328',
    styles: { dim: '#656d76', red: '#cf222e', yellow: '#9a6700', cyan: '#1b7c83', green: '#1a7f37', blue: '#0969da' },
  },
  'check-dark.svg': {
    ground: '#1b1f27',
    text: '#d7dce5',
    styles: { dim: '#8b93a5', red: '#ff6b6b', yellow: '#ffd166', cyan: '#4dd0e1', green: '#8bd450', blue: '#6cb6ff' },
  },
} as const

/** Returns the pictures by file name. */
export function checkPictures(): Readonly<Record<string, string>> {
  const lines = terminalLines()
  return Object.fromEntries(Object.entries(themes).map(([name, theme]) => [name, drawTerminal(lines, theme)]))
}

/** Returns the output of a check with mistakes, the command that fixes them, and the check of the fixed spec. */
function terminalLines(): string[] {
  const { source, diagnostics } = checkText(spec, file)
  const { text, applied } = applyFixes(spec, (changed) => checkText(changed, file), 'all')
  const fixed = checkText(text, file)
  if (fixed.diagnostics.length > 0) throw new Error('the picture shows a spec that is right after its fixes')
  const prompt = (command: string) => mark('dim')(`$ npx shapewright ${command}`)
  const { nodes } = fixed.shaped
  const params = nodes.reduce((sum, node) => sum + node.params, 0)
  const layers = nodes.filter(({ implied }) => !implied).length
  const lineOf = (start: number) => spec.slice(0, start).split('\n').length
  return [
    prompt(`check ${file}`),
    ...renderPretty(diagnostics, source.text, source.file, palette).trimEnd().split('\n'),
    '',
    prompt(`check ${file} --fix=all`),
    ...applied.map(({ span, before, after }) => `${file}:${lineOf(span.start)}: ${before} → ${after}`),
    `${mark('green')('ok')} ${file}: ${layers} layers, ${formatCount(params)} parameters, all shapes fit`,
  ]
}

function drawTerminal(rows: readonly string[], { ground, text, styles }: (typeof themes)[keyof typeof themes]): string {
  const lineHeight = 19
  const height = 34 + rows.length * lineHeight
  const texts = rows.map(
    (line, index) => `<text x="16" y="${34 + index * lineHeight}" xml:space="preserve">${toSpans(line, styles)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1060" height="${height}" viewBox="0 0 1060 ${height}">
<rect width="100%" height="100%" rx="8" fill="${ground}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${text}">
${texts.join('\n')}
</g>
</svg>
`
}

function toSpans(line: string, styles: Readonly<Record<string, string>>): string {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped
    .replaceAll(/\ue000(\w+)\ue001/g, (_match, style: string) =>
      style === 'bold' ? '<tspan font-weight="bold">' : `<tspan fill="${styles[style]}">`,
    )
    .replaceAll('\ue002', '</tspan>')
}
