/** Shows the Markdown of messages and hovers: code, bold words, links and paragraphs. Everything becomes text nodes, never markup. */
import { render, type ComponentChild } from 'preact'

export function Markdown({ text }: { readonly text: string }) {
  const paragraphs = text.split(/\n\n+/)
  if (paragraphs.length === 1) return <>{lines(text)}</>
  return <>{paragraphs.map((one) => (one === '---' ? <hr /> : <p>{lines(one)}</p>))}</>
}

/** An element with the text, for the tooltips of the editor. */
export function markdownElement(text: string): HTMLElement {
  const element = document.createElement('div')
  element.className = 'markdown'
  render(<Markdown text={text} />, element)
  return element
}

function lines(text: string): ComponentChild[] {
  return text.split(/ {2}\n/).flatMap((line, index) => (index === 0 ? inline(line) : [<br />, ...inline(line)]))
}

const pattern = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:[^)\s]+\))/

function inline(text: string): ComponentChild[] {
  return text.split(pattern).map((part) => {
    if (/^`.+`$/.test(part)) return <code>{part.slice(1, -1)}</code>
    if (/^\*\*.+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>
    const [, label, href] = /^\[(.+)\]\((https?:.+)\)$/.exec(part) ?? []
    if (href === undefined) return part
    return (
      <a href={href} target="_blank" rel="noreferrer">
        {label}
      </a>
    )
  })
}
