/** Counts the work of the search for structure, since it grows with the size of a file that anyone may have written. */
export class SearchWork {
  private readonly most: number
  private done = 0

  /** @param most The number of items looked at until the search ends: a few seconds. */
  constructor(most = 4_000_000) {
    this.most = most
  }

  add(items: number): void {
    this.done += items
  }

  get isSpent(): boolean {
    return this.done >= this.most
  }
}
