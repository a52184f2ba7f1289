import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientOf, documentOf } from './support/client.ts'
import { Failures, type Reliability, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

/** A sync of the file system comes before each 201: a kill cannot tell, the loss of power could. */
export const durability: Reliability = {
  name: 'R3',
  title: 'a sync precedes each 201',
  async run(size) {
    if (spawnSync('strace', ['-V']).status !== 0)
      return { counts: {}, failures: [], skipped: 'strace is not on this machine' }
    const t = new Teardown()
    const failures = new Failures()
    const publishes = size === 'full' ? 200 : 50
    build()
    const folder = temporaryFolder(t)
    const url = `sqlite:${join(folder, 'portolan.db')}`
    const key = await makeKey(url, 'admin')
    const trace = join(folder, 'trace')
    const calls = 'trace=fsync,fdatasync,write,writev,sendto'
    const service = await startProcess(url, {}, ['strace', '-D', '-f', '-s', '16', '-e', calls, '-o', trace])
    const ask = clientOf(service.address, key)
    let etag: string | undefined
    for (let turn = 1; turn <= publishes; turn += 1) {
      const precondition: Record<string, string> = etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag }
      const answer = await ask('PUT', '/v1/catalogues/a/document', documentOf('a', turn), precondition)
      failures.expect(answer.status === 201, `publish ${turn} was answered ${answer.status}`)
      etag = answer.etag
    }
    await service.end('SIGTERM')
    let [isSynced, answers, unsynced] = [false, 0, 0]
    for (const line of readFileSync(trace, 'latin1').split('\n')) {
      if (/\b(fsync|fdatasync)\(.*\) += 0|<\.\.\. (fsync|fdatasync) resumed.* = 0/.test(line)) isSynced = true
      if (!line.includes('"HTTP/1.1 201')) continue
      answers += 1
      if (!isSynced) unsynced += 1
      isSynced = false
    }
    failures.expect(answers === publishes, `${answers} answers 201 were seen for ${publishes} publishes`)
    failures.expect(unsynced === 0, `${unsynced} answers 201 came before a sync`)
    await t.run()
    return { counts: { publishes, 'after a sync': answers - unsynced }, failures: failures.list }
  }
}
