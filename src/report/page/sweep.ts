/** The entry point of the script in the page of a sweep. */
import type { SweepPageData } from '../sweep/pageData.ts'
import { addCopyButtons } from './copyButton.ts'
import { drawParallel } from './parallelPlot.ts'
import { createSelection, type Selection } from './selection.ts'
import { drawTrialCurves } from './trialCurves.ts'
import { enhanceTable } from './trialTable.ts'

const data = JSON.parse(document.getElementById('sweep')!.textContent ?? '') as SweepPageData
const selection = createSelection()
const reset = drawParallel(data, selection)
enhanceTable(data, selection, reset)
drawTrialCurves(data, selection)
describePointed(data, selection)
addCopyButtons()

/** Names the highlighted trial below each plot. */
function describePointed({ trials, metric }: SweepPageData, chosen: Selection): void {
  const places = [...document.querySelectorAll<HTMLElement>('.pointed')]
  const describe = () => {
    const trial = chosen.pointed()
    for (const place of places) place.replaceChildren(...(trial === undefined ? [hint] : describeTrial(trial)))
  }
  const hint = 'Point at a line or a row to highlight its trial; click to keep it.'
  const describeTrial = (index: number) => {
    const { number, label, score, state } = trials[index]!
    const name = document.createElement('b')
    name.textContent = `Trial ${number}`
    const values = document.createElement('bdi')
    values.textContent = label
    return [name, ` · ${score === '' ? state : `${metric} ${score}`} · `, values]
  }
  describe()
  chosen.onPoint(describe)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') chosen.pin(undefined)
  })
}
