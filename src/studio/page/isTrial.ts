/** Whether a run folder is one of a sweep, of which there may be many. */
export function isTrial(folder: string): boolean {
  return /(^|\/)trials\/\d+$/.test(folder)
}
