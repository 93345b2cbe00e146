/** Prints a comparison as text: like a diff, but of layers and settings. */
import { formatCount, formatLarge } from '../../diagnostics/formatCount.ts'
import type { Palette } from '../../diagnostics/renderPretty.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { alignColumns } from '../alignColumns.ts'
import { formatMetric, isShare } from '../run/numbers.ts'
import type { Change, Comparison, LayerChange, ResultChange, SettingChange } from './compareModels.ts'

/** The cells of a line. Each column is as wide as its widest cell. */
export type DiffRow = readonly string[]

export function renderDiff(comparison: Comparison, palette: Palette): string {
  const { before, after, layers, settings, results, params, flops } = comparison
  const parts = [
    section('Layers', layers.map(layerRow), palette),
    section('Network', [...numberRow('parameters', params), ...numberRow('operations', flops)], palette),
    section('Settings', settings.map(settingRow), palette),
    section('Results', results.map(resultRow), palette),
  ].filter((part) => part !== '')
  const same = comparison.differs ? [] : ['The specs are equal.']
  return `${[headOf(before, after, palette), ...same, ...parts].join('\n\n')}\n`
}

/** Summarizes changes for a table: `conv2d filters 8→16, +dropout, epochs 3→5`. */
export function summarizeChanges({ layers, settings }: Comparison): string {
  const ofLayers = layers.flatMap(({ kind, name, options }) => {
    if (kind !== 'changed') return [`${kind === 'added' ? '+' : '-'}${name}`]
    return options.map((option) => `${name} ${shortChange(option)}`)
  })
  const parts = [...ofLayers, ...settings.map(shortChange)]
  const more = parts.length - 4
  return [...parts.slice(0, 4), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function shortChange({ key, before, after }: SettingChange): string {
  const name = key.split('.').at(-1)!
  if (before === undefined) return `+${name} ${formatSetting(after)}`
  if (after === undefined) return `-${name}`
  return `${name} ${formatSetting(before)}→${formatSetting(after)}`
}

/** Names what is compared. */
export function headOf(before: string, after: string, palette: Palette): string {
  return `${palette.bold(escapeInLine(before))} → ${palette.bold(escapeInLine(after))}`
}

/** Prints rows below a title; empty without rows. */
export function section(title: string, rows: readonly DiffRow[], palette: Palette): string {
  if (rows.length === 0) return ''
  const lines = alignColumns(rows.map((row) => row.map(escapeInLine))).map((line, index) => {
    const [mark] = rows[index]!
    return mark === '+' ? palette.green(line) : mark === '-' ? palette.red(line) : line
  })
  return `${palette.bold(title)}\n${lines.join('\n')}`
}

export function layerRow({ kind, name, options, shape, params }: LayerChange): DiffRow {
  const mark = { added: '+', removed: '-', changed: '~' }[kind]
  const parts =
    kind === 'changed'
      ? options.map((option) => `${option.key} ${formatChange(option)}`)
      : options.map(({ key, before, after }) => `${key} ${formatSetting(before ?? after)}`)
  return [mark, name, parts.join(', '), formatEither(shape, (text) => text), formatEither(params, formatCount)]
}

/** Prints both sides if they differ, or the one that exists. */
function formatEither<T>({ before, after }: Change<T | undefined>, format: (value: T) => string): string {
  if (before === undefined || after === undefined) return format((before ?? after)!)
  return before === after ? format(after) : `${format(before)} → ${format(after)}`
}

export function numberRow(label: string, { before, after }: Change<number>): DiffRow[] {
  if (before === after) return []
  const format = (value: number) => (value < 1e6 ? formatCount(value) : formatLarge(value).trim())
  const growth = before === 0 ? '' : ` (${signed((100 * (after - before)) / before, 1)}%)`
  return [['~', label, `${format(before)} → ${format(after)}${growth}`]]
}

export function resultRow({ key, before, after }: ResultChange): DiffRow {
  const format = (value: number | undefined) => (value === undefined ? 'none' : formatMetric(key, value))
  if (before === undefined || after === undefined || before === after) {
    return [' ', key, before === after ? format(after) : `${format(before)} → ${format(after)}`]
  }
  const growth = isShare(key) ? `${signed(100 * (after - before), 2)} points` : signed(after - before, 4)
  return [' ', key, `${format(before)} → ${format(after)} (${growth})`]
}

export function settingRow(setting: SettingChange): DiffRow {
  return [markOf(setting), setting.key, formatChange(setting)]
}

function markOf({ before, after }: SettingChange): string {
  return before === undefined ? '+' : after === undefined ? '-' : '~'
}

function formatChange({ before, after }: SettingChange): string {
  if (before === undefined || after === undefined) return formatSetting(before ?? after)
  return `${formatSetting(before)} → ${formatSetting(after)}`
}

function formatSetting(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`
}
