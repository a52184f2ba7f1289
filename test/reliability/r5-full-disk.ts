import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { clientOf, documentOf } from './support/client.ts'
import { Failures, type Reliability, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

/** A disk that fills and is freed again: publishes are refused whole, reads go on, and nobody restarts anything. */
export const fullDisk: Reliability = {
  name: 'R5',
  title: 'the disk is full, and is freed',
  async run(size) {
    const t = new Teardown()
    const disk = join(temporaryFolder(t), 'disk')
    mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status !== 0) {
      await t.run()
      return { counts: {}, failures: [], skipped: 'a file system cannot be mounted here' }
    }
    t.teardown(() => void spawnSync('umount', [disk]))
    const failures = new Failures()
    const cycles = size === 'full' ? 20 : 3
    build()
    const url = `sqlite:${join(disk, 'portolan.db')}`
    const key = await makeKey(url, 'admin')
    const service = await startProcess(url)
    const ask = clientOf(service.address, key)
    const path = '/v1/catalogues/a/document'
    let { etag } = await ask('PUT', path, documentOf('a', 1), { 'if-none-match': '*' })
    let [turn, refused] = [1, 0]
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      fill(join(disk, 'filler'))
      let status = 201
      for (let attempt = 0; attempt < 50 && status === 201; attempt += 1) {
        const answer = await ask('PUT', path, documentOf('a', turn + 1), { 'if-match': String(etag) })
        status = answer.status
        if (status === 201) [turn, etag] = [turn + 1, answer.etag]
      }
      failures.expect(status === 507, `a publish to a full disk was answered ${status}`)
      refused += 1
      const read = await ask('GET', path)
      failures.expect(read.status === 200 && read.body.title === `Turn ${turn}`, `a read was answered ${read.status}`)
      rmSync(join(disk, 'filler'))
      const again = await ask('PUT', path, documentOf('a', turn + 1), { 'if-match': String(etag) })
      failures.expect(again.status === 201, `with room again, a publish was answered ${again.status}`)
      if (again.status === 201) [turn, etag] = [turn + 1, again.etag]
    }
    const { body } = await ask('GET', '/v1/catalogues/a/revisions?limit=1000')
    failures.expect(body.items?.length === turn, `${body.items?.length} revisions instead of ${turn}`)
    failures.expect((await service.end('SIGTERM')) === 0, 'it did not stop gracefully')
    await t.run()
    return { counts: { cycles, refused, revisions: turn }, failures: failures.list }
  }
}

/** Takes all that is left, page by page: the service may take some of it meanwhile. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  const page = Buffer.alloc(4096)
  try {
    while (writeSync(file, page) > 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(file)
  }
}
