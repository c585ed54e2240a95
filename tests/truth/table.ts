/** The table of the truth test, as text. */
import type { Comparison } from './compare.js'

/** A row, as the table shows it. */
export interface TableLine extends Comparison {
  readonly row: { readonly name: string; readonly untilMs: number }
  readonly real: { readonly lateMs: number }
  readonly times: number
}

/** One line a scenario: same or not, the largest difference in time, and how late the machine itself was. */
export function tableOf(measured: readonly TableLine[]): string {
  const lines = measured.map(({ row, differences, largest, real, times }) => [
    row.name,
    differences.length === 0 ? 'same' : 'NOT THE SAME',
    `${Math.round(largest.ms)} ms (${largest.of})`,
    `${Math.round(real.lateMs)} ms${times > 1 ? `, measured ${times} times` : ''}`,
    `${(row.untilMs / 1000).toFixed(1)} s`,
  ])
  const table = [['scenario', 'traces', 'largest difference', 'machine late', 'length'], ...lines]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
