/** Renders the network: its diagram, a table of its layers, and the filters of its first convolution. */
import type { Analysis } from '../../analyze.ts'
import { formatCount, formatLarge } from '../../diagnostics/formatCount.ts'
import { formatDim } from '../../language/dims.ts'
import type { ShapedNode } from '../../graph/shapes.ts'
import { drawNetwork } from '../networkDiagram.ts'
import { html, type Html } from './html.ts'
import { numbersTable } from './numbersTable.ts'
import type { Section } from './section.ts'
import type { RunRecord } from './runRecord.ts'

export function renderNetwork({ shaped }: Analysis, { inspection }: RunRecord): Section {
  const { width, svg } = drawNetwork(shaped)
  const filters = inspection?.filters
  return {
    id: 'network',
    title: 'Network',
    content: html`<div class="pair${width > 560 && ' stacked'}">
        <div class="scroll tall diagram">${svg}</div>
        <div class="layers">${renderLayers(shaped.nodes)}</div>
      </div>
      ${filters && renderFilters(filters)}`,
  }
}

function renderLayers(nodes: readonly ShapedNode[]): Html {
  const params = sumOf(nodes, 'params')
  const flops = sumOf(nodes, 'flops')
  const part = (value: number, total: number) => (total === 0 ? 0 : value / total).toFixed(4)
  const share = (value: number, total: number, text: string) =>
    value === 0
      ? html`<td class="none">–</td>`
      : html`<td class="share" style="--part:${part(value, total)}">${text}</td>`
  const rows = nodes.map(
    (node) =>
      html`<tr>
        <th scope="row">${node.name}</th>
        <td>${node.shape.map(formatDim).join('×')}</td>
        ${share(node.params, params, formatCount(node.params))}${share(node.flops, flops, formatLarge(node.flops).trim())}
      </tr> `,
  )
  const foot = html`<tr>
    <th scope="row">all</th>
    <td></td>
    <td>${formatCount(params)}</td>
    <td>${formatLarge(flops).trim()}</td>
  </tr>`
  return numbersTable(['layer', 'output', 'parameters', 'operations'], rows, { foot, isTall: true })
}

function sumOf(nodes: readonly ShapedNode[], key: 'params' | 'flops'): number {
  return nodes.reduce((total, node) => total + node[key], 0)
}

function renderFilters(filters: NonNullable<NonNullable<RunRecord['inspection']>['filters']>): Html {
  const { layer, count, colours, pictures } = filters
  const shown = pictures.length < count ? `the first ${pictures.length} of ${count}` : `all ${count}`
  const legend =
    colours === 'sign'
      ? html`<span class="for">for</span> and <span class="against">against</span>, transparent where a weight is 0`
      : 'weights as colors, gray where they are 0'
  return html`<h3>Filters of <code>${layer}</code> <small>${shown}; ${legend}</small></h3>
    <ul class="filters">
      ${pictures.map(
        ({ url, width, height }, index) =>
          html`<li>
            <img
              class="pixels"
              src="${url}"
              width="${width}"
              height="${height}"
              alt="Weights of filter ${index}"
              title="filter ${index}"
            />
          </li>`,
      )}
    </ul>`
}
