/**
 * The tester's table of docs/spec/ux.md, 1.3, as data: each row can be printed, and each can be run. Rows 55
 * and 56 are about tabs. What only the connection can do (when an attempt is made) is in tests/core.
 */
import { LOST_ROWS } from './rows-lost.js'
import { DOWN_ROWS } from './rows-down.js'
import { BACK_ROWS } from './rows-back.js'
import { WELL_ROWS } from './rows-well.js'
import { RARE_ROWS } from './rows-rare.js'
import type { Row } from './rows.js'

export type { Row } from './rows.js'

/** Every row, in the order of the table. */
export const TRANSITIONS: readonly Row[] = [
  ...LOST_ROWS,
  ...DOWN_ROWS,
  ...BACK_ROWS,
  ...WELL_ROWS,
  ...RARE_ROWS,
]
