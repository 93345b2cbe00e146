import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, jsonForScript, trusted } from '../../src/report/run/html.ts'

describe('html', () => {
  it('escapes text, in elements and in attributes', () => {
    const text = `<b title='a'>"&`
    expect(html`<i title="${text}">${text}</i>`.text).toBe(
      '<i title="&lt;b title=&#39;a&#39;&gt;&quot;&amp;">&lt;b title=&#39;a&#39;&gt;&quot;&amp;</i>',
    )
  })

  it('takes HTML as it is, lists in order, and nothing of what is not there', () => {
    expect(html`${html`<b>${'<'}</b>`}${[1, '>', html`<hr />`]}${undefined}${false}${0}${trusted('<p>')}`.text).toBe(
      '<b>&lt;</b>1&gt;<hr />0<p>',
    )
  })

  it('never prints text as markup', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(html`${text}`.text)))
  })

  it('lets no data end its script, and keeps what it says', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const data: unknown = JSON.parse(json)
        const { text } = jsonForScript([data, '</script><!--'])
        expect(text).not.toContain('<')
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify([data, '</script><!--'])))
      }),
    )
  })
})
