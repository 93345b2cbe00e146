/** The site draws the flowcharts of the manual, and refuses what it would leave out. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { drawFlowchart } from '../../docs/.vitepress/flowchart.ts'

it('draws the pipeline of docs/architecture.md, with every node and label', () => {
  const [, chart = ''] = /```mermaid\n([^]*?)```/.exec(readFileSync('docs/architecture.md', 'utf8'))!
  const drawing = drawFlowchart(chart)
  expect(drawing.match(/class="line"/g)).toHaveLength(chart.match(/-->/g)!.length)
  for (const text of ['spec.yaml', 'document', 'validation', 'fixes', 'Keras script', 'ONNX file'])
    expect(drawing).toContain(`>${text}</text>`)
})

it.each([
  ['sequenceDiagram\n  a->>b: text', 'not a flowchart'],
  ['flowchart LR\n  a --> b\n  subgraph inner', 'not a line of a flowchart'],
  ['flowchart LR\n  a{choice} --> b', 'not a node of a flowchart'],
])('refuses %j', (chart, message) => {
  expect(() => drawFlowchart(chart)).toThrow(message)
})
