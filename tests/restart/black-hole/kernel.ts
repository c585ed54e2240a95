/** A real black hole: iptables DROP in a network namespace that is made for it and taken away again. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Answered } from './measure.ts'

const INSIDE = fileURLToPath(new URL('./inside.ts', import.meta.url))
/** Kernels that have it repeat a SYN each second at first; older ones double from the start. */
const LINEAR_SYN = '/proc/sys/net/ipv4/tcp_syn_linear_timeouts'

const run = promisify(execFile)

/** Does something in a namespace with a loopback of its own. */
async function inNamespace<T>(name: string, act: (command: readonly string[]) => Promise<T>): Promise<T> {
  await run('ip', ['netns', 'add', name])
  try {
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up'])
    return await act(['netns', 'exec', name])
  } finally {
    await run('ip', ['netns', 'del', name])
  }
}

/** Why there can be no real black hole on this machine; null: there can. */
export async function whyNoRealHole(): Promise<string | null> {
  if (process.platform !== 'linux') return `it needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'it needs root, for a network namespace'
  if (!existsSync(LINEAR_SYN)) return 'this kernel is older than 6.5 and repeats a SYN in another way'
  try {
    await inNamespace(`holdfast-try-${process.pid}`, (exec) => run('ip', [...exec, 'iptables', '-L', '-n']))
    return null
  } catch (error) {
    const [reason] = String((error as { stderr?: string }).stderr || error).split('\n')
    return `it needs ip (iproute2), network namespaces and iptables: ${reason}`
  }
}

/** The same measurement, in a real hole of so many ms. */
export function measureReal(holeMs: number): Promise<Answered> {
  return inNamespace(`holdfast-${process.pid}-${holeMs}`, async (exec) => {
    const { stdout } = await run('ip', [...exec, process.execPath, INSIDE, String(holeMs)])
    return JSON.parse(stdout) as Answered
  })
}
