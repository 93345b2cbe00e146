/** The entry point of the script in a report's page. */
import { drawCurves } from './drawCurves.ts'

drawCurves()
