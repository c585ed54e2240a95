/**
 * The reference server, and what it holds: at each SIGUSR2 it collects its garbage and logs `measured 1`, `measured 2`
 * and so on, with its memory in bytes and its open handles.
 */
import { existsSync, readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { logToStdout as log } from '../../../server/log.ts'

const OPEN_FILES = '/proc/self/fd'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
let measured = 0

process.on('SIGUSR2', () => {
  collectGarbage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  log({
    step: `measured ${(measured += 1)}`,
    rss,
    heap: heapUsed + external,
    // The folder that is read is open, too.
    files: existsSync(OPEN_FILES) ? readdirSync(OPEN_FILES).length - 1 : null,
    connections: resources.filter((name) => name === 'TCPSocketWrap').length,
  })
})

await import('../../../server/main.ts')
