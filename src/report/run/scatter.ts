/** Draws predictions over targets as SVG, with a diagonal where they are equal. */
import { html, type Html } from './html.ts'
import { formatValue } from './numbers.ts'

const size = 320
const space = 44

export function renderScatter(points: readonly (readonly [target: number, prediction: number])[]): Html {
  const values = points.flat().filter(Number.isFinite)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const scale = (value: number) => ((value - low) / (high - low || 1)) * size
  const dots = points
    .filter((point) => point.every(Number.isFinite))
    .map(
      ([target, prediction]) =>
        html`<circle cx="${round(space + scale(target))}" cy="${round(size + 8 - scale(prediction))}" r="2.5" />`,
    )
  return html`<figure class="scatter">
    <svg
      viewBox="0 0 ${size + space + 8} ${size + space}"
      width="${size + space + 8}"
      role="img"
      aria-label="Predictions over targets"
    >
      <rect x="${space}" y="8" width="${size}" height="${size}" />
      <path d="M${space} ${size + 8}L${space + size} 8" />
      ${dots}
      <text x="${space}" y="${size + 24}">${formatValue(low)}</text>
      <text class="end" x="${space + size}" y="${size + 24}">${formatValue(high)}</text>
      <text class="middle" x="${space + size / 2}" y="${size + 40}">target</text>
      <text class="end" x="${space - 6}" y="${size + 8}">${formatValue(low)}</text>
      <text class="end" x="${space - 6}" y="18">${formatValue(high)}</text>
      <text class="middle" transform="translate(12 ${8 + size / 2}) rotate(-90)">prediction</text>
    </svg>
  </figure>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
