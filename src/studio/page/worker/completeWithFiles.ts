/** Completion in the page, where the files of a folder are read asynchronously. */
import { completionsAt } from '../../../editor/completion.ts'
import type { CompletionItem } from '../../../editor/completionItem.ts'
import type { SpecDocument } from '../../../editor/specDocument.ts'
import { prepareHost, type FileSource } from '../../../system/prepareHost.ts'

/** Returns what completion offers, with the files and folders that it lists itself besides those that the analysis has read. */
export async function completeWithFiles(
  document: SpecDocument,
  offset: number,
  files: FileSource,
): Promise<readonly CompletionItem[]> {
  let items: readonly CompletionItem[] = []
  await prepareHost(files, (host) => {
    items = completionsAt({ ...document, options: { ...document.options, host } }, offset)
  })
  return items
}
