/** Which targets of docs/spec/performance.md a bench has reached: told one by one, and together at its end. */

/** Nothing is missed yet. */
export function createVerdict() {
  const missed = []
  return {
    /**
     * @param {string} id the row
     * @param {string} who whose figure it is
     * @param {string} what the figure, and its target
     * @param {boolean} isReached NaN and Infinity are not
     */
    tell(id, who, what, isReached) {
      if (!isReached) missed.push(`${id} (${who}: ${what})`)
      console.log(`${isReached ? '✓' : '✗'} ${id} ${who}: ${what}`)
    },
    /** The last line, and the exit code. */
    end() {
      console.log(missed.length === 0 ? 'all targets reached' : `not reached: ${missed.join('; ')}`)
      if (missed.length > 0) process.exitCode = 1
    },
  }
}
