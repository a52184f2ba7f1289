import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder, pathOf } from '../../render/formats/support/tool.ts'
import { freePort } from '../../support/free-port.ts'
import { repository } from '../../support/repository.ts'

/** The configuration of the proxy, as docker-compose.yml mounts it. */
export const proxyText = readFileSync(`${repository}/deploy/nginx.conf`, 'utf8')

/**
 * The same for the nginx of this machine: other addresses and another folder, and one directive of newer versions replaced. `server NAME
 * resolve`, which asks for addresses of a name again, needs nginx 1.27.3; here each replica has a line of its own with the other words of it.
 */
function localText(text: string, port: number, replicas: readonly number[], temporary: string): string {
  return [
    replaced(/server portolan:8080 resolve(.*);/, (rest) =>
      replicas.map((replica) => `server 127.0.0.1:${replica}${rest};`).join('\n    ')
    ),
    replaced(/listen 8080;/, () => `listen 127.0.0.1:${port};`),
    replaced(/\/tmp\//g, () => `${temporary}/`),
    replaced(/worker_processes auto;/, () => `worker_processes 1;\ndaemon off;\n${owner}`)
  ].reduce((changed, change) => change(changed), text)
}

/** Of what lies in the folder: nginx gives up the rights of root otherwise, and could not enter it. */
const owner = process.getuid?.() === 0 ? 'user root;' : ''

/** A change of a text that must be one: a pattern that is not there any more fails. */
function replaced(pattern: RegExp, by: (word: string) => string): (text: string) => string {
  return (text) => {
    if (text.search(pattern) === -1) throw new Error(`The configuration has no ${pattern}.`)
    return text.replace(pattern, (_, word: string) => by(word))
  }
}

interface Test {
  teardown(close: () => unknown): void
  comment(text: string): void
}

/** nginx with that configuration, in front of services on these ports: `http://127.0.0.1:PORT`. It ends with the test. */
export async function startProxy(t: Test, replicas: readonly number[], text = proxyText): Promise<string> {
  const port = await freePort()
  const temporary = folder(t)
  const file = `${folder(t, { 'nginx.conf': localText(text, port, replicas, temporary) })}/nginx.conf`
  // It ends with this process, in whatever way that ends: then what the shell reads is closed.
  const script = `${pathOf('nginx')} -c ${file} -e stderr & trap 'kill $!; wait $!' EXIT; read -r _`
  const child = spawn('bash', ['-c', script], { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.stdin.end()
    await ended
  })
  for (;;) {
    if (/\[emerg\]/.test(said)) throw new Error(`nginx does not start: ${said}`)
    const isUp = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined)
    if (isUp) return `http://127.0.0.1:${port}`
    await sleep(20)
  }
}
