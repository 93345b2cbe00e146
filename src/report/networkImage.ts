/** Draws the network as a self-contained SVG file: its style sheet is embedded, with light and dark colours. */
import type { Analysis } from '../analyze.ts'
import { networkStyles } from './generated/pageAssets.js'
import { drawNetwork } from './networkDiagram.ts'

export function reportSvg({ shaped }: Analysis): string {
  return `${drawNetwork(shaped, standaloneStyles).svg.text}\n`
}

/** The font and the background are added here; in a page, the drawing inherits them. */
const standaloneStyles = `${networkStyles}.network{background:var(--page);font-family:system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif}`
