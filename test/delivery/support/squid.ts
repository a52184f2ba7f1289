import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder, pathOf } from '../../render/formats/support/tool.ts'
import { freePort, isListenedTo } from '../../support/free-port.ts'

export interface Squid {
  readonly port: number
  /** The tunnels that were asked for and are closed, each as method, target and status; it waits for the first. */
  tunnels(): Promise<readonly string[]>
}

interface Test {
  teardown(close: () => void | Promise<void>): void
  comment(text: string): void
}

const settings = (folder: string, port: number) => `http_port 127.0.0.1:${port}
hosts_file ${folder}/hosts
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${folder}/passwords
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
logformat told %rm %ru %>Hs
access_log stdio:${folder}/asked told
cache_log ${folder}/cache.log
pid_filename ${folder}/squid.pid
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname portolan
`

/** A real Squid that knows receiver.test and house.test as this machine, and lets in `portolan` with the password `p@ss`. */
export async function startSquid(t: Test): Promise<Squid> {
  const hash = execFileSync('openssl', ['passwd', '-apr1', 'p@ss'], { encoding: 'utf8' }).trim()
  const cwd = folder(t, { hosts: '127.0.0.1 receiver.test house.test\n', passwords: `portolan:${hash}\n` })
  // Squid gives up its rights, and writes there without them.
  chmodSync(cwd, 0o777)
  const port = await freePort()
  const file = join(cwd, 'squid.conf')
  writeFileSync(file, settings(cwd, port))
  const squid = spawn(pathOf('squid') ?? 'squid', ['-N', '-n', `egress${port}`, '-f', file], { stdio: 'ignore' })
  const ended = once(squid, 'exit')
  t.teardown(async () => {
    squid.kill('SIGTERM')
    await ended
  })
  while (!(await isListenedTo(port)) && squid.exitCode === null) await sleep(50)
  return {
    port,
    async tunnels() {
      for (;;) {
        const lines = readFileSync(join(cwd, 'asked'), 'utf8').split('\n')
        const tunnels = lines.filter((line) => line.startsWith('CONNECT'))
        if (tunnels.length > 0) return tunnels
        await sleep(50)
      }
    }
  }
}
