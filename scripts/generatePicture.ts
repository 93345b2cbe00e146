/** Writes docs/check.svg, the README's picture of a check: what the renderer prints, in a terminal's colours. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkText } from '../src/analyze.ts'
import { renderPretty, type Palette } from '../src/diagnostics/renderPretty.ts'

const spec = `name: mnist-cnn
dataset: mnist
layers:
  - Conv2D: { filters: 32, kernel_size: 3, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - conv2d: { filters: 64, kernelSize: 15, activation: relu }
  - flatten
  - dense: { units: 10, activation: softmax }
`

const colours = { red: '#ff6b6b', yellow: '#ffd166', cyan: '#4dd0e1', green: '#8bd450', blue: '#6cb6ff' }
/** Marks that survive escaping: private-use characters around a style's name. */
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

const { source, diagnostics } = checkText(spec, 'mnist-cnn.yaml')
const lines = [
  `${mark('dim')('$ npx shapewright check mnist-cnn.yaml')}`,
  ...renderPretty(diagnostics, source.text, source.file, palette).trimEnd().split('\n'),
]
const lineHeight = 19
const rows = lines.map(
  (line, index) => `<text x="16" y="${34 + index * lineHeight}" xml:space="preserve">${toSpans(line)}</text>`,
)
const height = 34 + lines.length * lineHeight
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1060" height="${height}" viewBox="0 0 1060 ${height}">
<rect width="100%" height="100%" rx="8" fill="#1b1f27"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d7dce5">
${rows.join('\n')}
</g>
</svg>
`
writeFileSync(fileURLToPath(new URL('../docs/check.svg', import.meta.url)), svg)

function toSpans(line: string): string {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped
    .replaceAll(/\ue000(\w+)\ue001/g, (_match, style: string) => `<tspan ${attributesOf(style)}>`)
    .replaceAll('\ue002', '</tspan>')
}

function attributesOf(style: string): string {
  if (style === 'bold') return 'font-weight="bold"'
  if (style === 'dim') return 'fill="#8b93a5"'
  return `fill="${colours[style as keyof typeof colours]}"`
}
