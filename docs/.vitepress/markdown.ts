/** What the site makes of Markdown that is written for GitHub: links between files, flowcharts, and pictures for light and dark themes. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { drawFlowchart } from './flowchart.ts'
import { resolveLink, siteLink } from './links.ts'

/** @param linked Collects the files that pages link to and that are no pages, by path from the root. */
export function adaptMarkdown(markdown: MarkdownRenderer, root: string, linked: Set<string>): void {
  markdown.core.ruler.push('site-links', (state) => {
    const file = (state.env.realPath ?? state.env.path) as string
    for (const { children } of state.tokens) {
      for (const [index, token] of (children ?? []).entries()) {
        if (token.type !== 'link_open' || token.attrGet('class') === 'header-anchor') continue
        const target = resolveLink(root, file, token.attrGet('href') ?? '')
        if (target === undefined) continue
        // A folder has no page: its name stays as text.
        if (statSync(join(root, target.file)).isDirectory()) {
          const close = children!.slice(index).find(({ type }) => type === 'link_close')!
          token.tag = close.tag = 'span'
          token.attrs = []
          continue
        }
        const link = siteLink(target)
        token.attrSet('href', link)
        if (!link.startsWith('/files/')) continue
        linked.add(target.file)
        token.attrSet('target', '_blank')
      }
    }
  })
  const { rules } = markdown.renderer
  const fence = rules.fence!
  rules.fence = (tokens, index, ...rest) =>
    tokens[index]!.info === 'mermaid' ? drawFlowchart(tokens[index]!.content) : fence(tokens, index, ...rest)
  const table = rules.table_open!
  rules.table_open = (tokens, index, ...rest) =>
    isDescribed(tokens, index) ? '<table class="described" tabindex="0">' : table(tokens, index, ...rest)
  // `<folder>` in a sentence is text, not an element.
  rules.html_inline = (tokens, index) => markdown.utils.escapeHtml(tokens[index]!.content)
  const block = rules.html_block!
  rules.html_block = (tokens, index, ...rest) => {
    const { content } = tokens[index]!
    return content.startsWith('<picture>') ? themedPicture(content) : block(tokens, index, ...rest)
  }
}

/** Whether a table lists things by several facts and a description, for which a phone needs another layout. */
function isDescribed(tokens: readonly { type: string; content: string }[], open: number): boolean {
  const end = tokens.findIndex(({ type }, at) => at > open && type === 'thead_close')
  const heads = tokens.slice(open, end).filter(({ type }) => type === 'inline')
  return heads.length > 2 && /^(description|meaning)$/.test(heads.at(-1)!.content)
}

/** GitHub chooses a `<source>` by the system's theme; the site has a switch of its own, so it holds both pictures. */
function themedPicture(html: string): string {
  const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? ''
  const image = (theme: string, source: string) =>
    `<img class="only-${theme}" alt="${attribute('alt')}" src="./${source}">`
  return `<p>${image('light', attribute(' src'))}${image('dark', attribute('srcset'))}</p>`
}
