/** The script of a report's page. */
import { drawCurves } from './drawCurves.ts'

drawCurves()
