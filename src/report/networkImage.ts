/** The network as an SVG file that needs nothing else: its style sheet is inside, with colours for light and dark. */
import type { Analysis } from '../analyze.ts'
import { networkStyles } from './generated/pageAssets.js'
import { drawNetwork } from './networkDiagram.ts'

export function reportSvg({ shaped }: Analysis): string {
  return `${drawNetwork(shaped, standaloneStyles).svg.text}\n`
}

/** In a page, the drawing inherits its font and background. */
const standaloneStyles = `${networkStyles}.network{background:var(--page);font-family:system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif}`
