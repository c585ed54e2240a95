/** Run in a network namespace of its own: `inside.ts <ms>`. Its firewall drops what comes to a port for so long. */
import { execFileSync } from 'node:child_process'
import { measure, serveOk } from './measure.ts'

const { port, stop } = await serveOk()
const drop = (change: '-A' | '-D') => {
  for (const end of ['--dport', '--sport']) {
    execFileSync('iptables', [change, 'INPUT', '-p', 'tcp', end, String(port), '-j', 'DROP'])
  }
}
const hole = { port, begin: () => drop('-A'), end: () => drop('-D') }
console.log(JSON.stringify(await measure(hole, Number(process.argv[2]))))
stop()
