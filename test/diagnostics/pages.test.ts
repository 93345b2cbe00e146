/** Every code has a page; its wrong spec gives that very code, and its right one nothing. */
import { describe, expect, it } from 'vitest'
import { checkData } from '../../src/tasks/checkData/checkData.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { allCodes, factsOf, isFoundInSamples, type DiagnosticCode } from '../../src/diagnostics/codes.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'

/** Of a code that only a look at the samples gives, with that look. */
const check = async (code: DiagnosticCode, text: string) => {
  const analysis = checkText(text, 'spec.yaml', { host: nodeHost, trials: true })
  return (isFoundInSamples(code) ? await checkData(analysis) : analysis).diagnostics
}

const found = async (code: DiagnosticCode, text: string) => (await check(code, text)).map((one) => one.code)

describe.each(allCodes)('%s', (code) => {
  it('is the only diagnostic of the wrong spec', async () => {
    expect(new Set(await found(code, diagnosticPages[code].wrong))).toEqual(new Set([code]))
  })

  it('is not a diagnostic of the right spec', async () => {
    expect(await found(code, diagnosticPages[code].right)).toEqual([])
  })

  it('has the severity that its page states', async () => {
    const [first] = await check(code, diagnosticPages[code].wrong)
    expect(factsOf(code).severities).toContain(first?.severity)
  })
})
