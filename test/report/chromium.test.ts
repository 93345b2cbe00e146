/** The page in a browser, opened from disk. Skipped, and said so, where there is no Chromium. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../src/report/run/renderReport.ts'
import { readRun } from '../../src/report/run/runRecord.ts'
import { writeReport } from '../../src/report/run/writeReport.ts'
import { analyzeRun } from '../../src/report/run/analyzeRun.ts'
import { findChromium, openPage } from './chromium.ts'
import { hostileRun } from './hostileRun.ts'
import { digits, makeSmallRun } from './smallRun.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const chromium = findChromium()
if (chromium === undefined) process.stderr.write('SKIPPED: no Chromium is installed (`apt-get install chromium`)\n')

describe.skipIf(chromium === undefined)('the page of a run in Chromium', { timeout: 120_000 }, () => {
  it.each([false, true])('draws its curves and requests nothing, dark: %s', async (dark) => {
    const path = await writeReport((await readRun(await makeSmallRun()))!)
    const page = await openPage(chromium!, path, { dark })
    expect(page.complaints).toEqual([])
    expect(page.requests).toEqual([])
    expect([...page.document.matchAll(/<canvas/g)]).toHaveLength(2)
    expect([...page.document.matchAll(/class="u-value"[^>]*>\d+\.\d+%/g)].length).toBeGreaterThanOrEqual(3)
  })

  it('runs no text of a spec, and no script that somebody wrote into the file', async () => {
    const run = (await readRun(await makeSmallRun(digits, { train: 64, test: 20 })))!
    const text = renderReport(hostileRun(run), analyzeRun(run))
    const shown = await openPage(chromium!, saveAs(text))
    expect(titleOf(shown.document)).toContain('&lt;/title&gt;&lt;/script&gt;')
    expect(shown.complaints).toEqual([])

    const script = "<script>document.title='run'</script>"
    const tampered = await openPage(
      chromium!,
      saveAs(text.replace('<main>', `<main>${script}<img src="http://localhost:9/x.png">`)),
    )
    expect(titleOf(tampered.document)).toBe(titleOf(shown.document))
    expect(tampered.complaints.join()).toMatch(/Content Security Policy/)
    expect(tampered.requests).toEqual([])
  })
})

function titleOf(document: string): string | undefined {
  return /<title>([\s\S]*?)<\/title>/.exec(document)?.[1]
}

function saveAs(text: string): string {
  return join(temporaryFolder({ 'report.html': text }), 'report.html')
}
