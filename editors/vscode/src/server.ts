/** The language server that the extension carries, for projects without their own. */
import { lspCommand } from '../../../src/cli/lsp.ts'

void lspCommand()
