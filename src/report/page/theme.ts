/** Reads the colours of the page, which differ between light and dark, and redraws what a script drew in them. */

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Returns the colour of a quality from 0 to 1, between those that the style sheet calls low and high. */
export function qualityColours(): (quality: number) => string {
  const [low, high] = [channels(colour('low')), channels(colour('high'))]
  return (quality) => `rgb(${low.map((value, index) => Math.round(value + (high[index]! - value) * quality)).join()})`
}

/** Calls a function when the colours change: with the theme of the system, and for printing. */
export function onThemeChange(redraw: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  matchMedia('print').addEventListener('change', redraw)
}

/** Reads `#1c5fd0`. */
function channels(hex: string): number[] {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16))
}
