/** Others' work on this machine must not be measured: where it is allowed, a run goes before it. */
import { readdir, writeFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Browser } from 'playwright-core'

const FIRST = -15
const NORMAL = 0

/** This process goes first, and so does what it starts. The returned function takes that back. */
export async function goFirst(): Promise<() => Promise<void>> {
  await prefer([process.pid], FIRST)
  return () => prefer([process.pid], NORMAL)
}

/** A browser is a session of its own, and gives its processes priorities of its own: these are like ours again. */
export async function bringAlong(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  await prefer(
    processInfo.map(({ id }) => id),
    FIRST,
  )
}

/** On Linux a priority is that of a thread, and counts within its session; the session has one, too. */
async function prefer(processes: readonly number[], priority: number): Promise<void> {
  for (const id of processes) {
    const threads = await readdir(`/proc/${id}/task`).catch(() => [String(id)])
    for (const thread of threads) tried(() => setPriority(Number(thread), priority))
    await writeFile(`/proc/${id}/autogroup`, String(priority)).catch(() => {})
  }
}

/** Whoever may not, does without. */
function tried(act: () => void): void {
  try {
    act()
  } catch {
    // It is measured as it is.
  }
}
