/** Draws the SVG elements of the documentation's pictures. Colours follow the reader's light or dark scheme. */

const style = `
  .paper { fill: #ffffff; stroke: #d0d7de }
  text { font: 15px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328 }
  .small { font-size: 13px; fill: #57606a }
  .middle { text-anchor: middle }
  .cell { fill: #f0f3f6; stroke: #8c959f }
  .padding { fill: none; stroke: #8c959f; stroke-dasharray: 2 2 }
  .unread { fill: #ffffff; stroke: #c9d1d9 }
  .first { fill: #0969da; fill-opacity: 0.45; stroke: #0969da }
  .second { fill: #bc4c00; fill-opacity: 0.4; stroke: #bc4c00 }
  .outline { fill: none; stroke-width: 2.5 }
  .line { stroke: #57606a; stroke-width: 1.5; fill: none }
  .face { fill: #ddf4ff; stroke: #0969da }
  .side { fill: #b6e3ff; stroke: #0969da }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #161b22; stroke: #30363d }
    text { fill: #e6edf3 }
    .small { fill: #9da7b3 }
    .cell { fill: #2d333b; stroke: #768390 }
    .padding { stroke: #768390 }
    .unread { fill: #161b22; stroke: #444c56 }
    .first { fill: #539bf5; stroke: #539bf5 }
    .second { fill: #e0823d; stroke: #e0823d }
    .line { stroke: #9da7b3 }
    .face { fill: #143d63; stroke: #539bf5 }
    .side { fill: #0d2b47; stroke: #539bf5 }
  }
`

/** @param title A description of the picture for screen readers. */
export function svg(width: number, height: number, title: string, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<style>${style}</style>
<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${content.join('\n')}
</svg>
`
}

export function rect(x: number, y: number, width: number, height: number, kind: string): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>`
}

/** Draws squares of a grid as one path. */
export function squares(cells: readonly (readonly [x: number, y: number])[], side: number, kind: string): string {
  const path = cells.map(([x, y]) => `M${x} ${y}h${side}v${side}h-${side}z`).join('')
  return `<path class="${kind}" d="${path}"/>`
}

export function text(x: number, y: number, content: string, kind = ''): string {
  return `<text${kind === '' ? '' : ` class="${kind}"`} x="${x}" y="${y}">${content}</text>`
}

/** Draws a horizontal arrow. */
export function arrow(x: number, y: number, length: number): string {
  const tip = x + length
  return `<path class="line" d="M${x} ${y}H${tip}M${tip - 6} ${y - 5}L${tip} ${y}L${tip - 6} ${y + 5}"/>`
}

export function polygon(points: readonly (readonly [x: number, y: number])[], kind: string): string {
  return `<polygon class="${kind}" points="${points.map((point) => point.join(',')).join(' ')}"/>`
}
