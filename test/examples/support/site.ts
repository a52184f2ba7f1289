import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { folder } from '../../render/formats/support/tool.ts'
import { repository } from '../../support/repository.ts'

/** The files of an example in a folder of its own. */
export function example(t: Test, name: string): string {
  const cwd = folder(t)
  cpSync(join(repository, 'examples', name), cwd, { recursive: true })
  return cwd
}

export interface Site {
  readonly url: string
  /** What it answers from now on; undefined: 503. */
  answer(body: string | Uint8Array | undefined): void
}

export async function startSite(t: Test): Promise<Site> {
  let current: string | Uint8Array | undefined
  const server = createServer((_, response) => {
    if (current === undefined) response.writeHead(503).end('not ready')
    else response.writeHead(200).end(current)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  // A server that listens on TCP has one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    answer(body) {
      current = body
    }
  }
}
