/** HTML as values. A template escapes everything that is not already HTML, so that text never becomes markup. */

/** Markup. Use `html` for text from elsewhere; `trusted` is only for text of this package. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type HtmlPart = Html | string | number | undefined | false | readonly HtmlPart[]

/** A template: `html\`<b>${name}</b>\``. Text and numbers are escaped, also for attributes in double quotes; undefined and false print nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((text, string, index) => text + printPart(parts[index - 1]) + string))
}

/** Returns markup, a style sheet or a script of this package as it is, without escaping it. */
export function trusted(text: string): Html {
  return new Html(text)
}

/** Prints data for a `<script type="application/json">`. It contains no `<`, so it cannot end the script element. */
export function jsonForScript(data: unknown): Html {
  return new Html(JSON.stringify(data).replaceAll('<', String.raw`\u003c`))
}

function printPart(part: HtmlPart): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(printPart).join('')
  return escapeHtml(String(part))
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character]!)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
