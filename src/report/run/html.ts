/** HTML as values: what is not HTML already is escaped when it is put into a template, so that no text is ever markup. */

/** Markup. Only `html` makes it of text that comes from elsewhere; `trusted` is for what this package ships. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type HtmlPart = Html | string | number | undefined | false | readonly HtmlPart[]

/** A template: `html\`<b>${name}</b>\``. Text and numbers are escaped, for attributes in double quotes too; nothing is left out for undefined and false. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((text, string, index) => text + printPart(parts[index - 1]) + string))
}

/** Markup, style or script of our own. */
export function trusted(text: string): Html {
  return new Html(text)
}

/** Data for a script of the page, for a `<script type="application/json">`: it holds no `<`, and so no end of the script. */
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
