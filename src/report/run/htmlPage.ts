/** Renders the frame of a report: an HTML page that opens from disk, runs only its own script, and loads nothing. */
import { createHash } from 'node:crypto'
import { version } from '../../system/version.ts'
import { html, trusted, type Html } from './html.ts'
import type { Section } from './section.ts'

export interface PageParts {
  readonly title: string
  /** Renders the head of the page. The links lead to its sections. */
  readonly header: (links: Html) => Html
  readonly sections: readonly Section[]
  readonly styles: string
  readonly script: string
}

export function renderPage({ title, header, sections, styles, script }: PageParts): string {
  const links = sections.map((section) => html`<a href="#${section.id}">${section.title}</a>`)
  const main = sections.map(
    (section) =>
      html`<section id="${section.id}" aria-labelledby="${section.id}-title">
        <h2 id="${section.id}-title">${section.title}</h2>
        ${section.content}
      </section> `,
  )
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policyFor(script)}" />
        <meta name="generator" content="Shapewright ${version}" />
        <title>${title}</title>
        <style>
          ${trusted(styles)}
        </style>
      </head>
      <body>
        ${header(html`<nav aria-label="Parts of this page">${links}</nav>`)}
        <main>${main}</main>
        <footer>Written by Shapewright ${version}. This page is self-contained.</footer>
        ${scriptElement(script)}
      </body>
    </html> `.text
}

/** The whole script element. The policy allows it by the hash of the exact text between its tags, so no template may add spaces. */
function scriptElement(script: string): Html {
  return trusted(`<script>${script}</script>`)
}

/** The content security policy: only the page's own script runs, identified by its hash, and nothing is loaded. */
function policyFor(script: string): string {
  return [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
