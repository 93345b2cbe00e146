/** Adds buttons that copy a text of the page. */

export function addCopyButtons(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-copies]')) {
    const source = document.getElementById(place.dataset['copies']!)
    if (!source) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'Copy'
    const status = document.createElement('span')
    status.setAttribute('role', 'status')
    button.addEventListener('click', () => {
      void copy(source).then((isCopied) => {
        status.textContent = isCopied ? 'Copied' : 'Selected: copy it with Ctrl-C'
      })
    })
    place.append(button, status)
  }
}

/** Copies the text, or selects it where the browser does not allow a page from disk to copy. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(source)
    return false
  }
}
