import { basename } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { Egress, lookup } from '../../delivery/egress.ts'
import { Fetcher } from '../../delivery/fetch.ts'
import { readMirror } from '../../delivery/file-mirror.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { FeedSource } from '../../domain/feed/adapter.ts'
import type { Fetched } from '../../domain/feed/fetched.ts'
import { packageVersion } from '../../package-version.ts'
import { readSource } from './manuscript.ts'
import type { Shell } from './shell.ts'

export interface ListSource extends FeedSource {
  /** Where it was fetched from. */
  readonly url?: string
}

/**
 * Reads a list from a file, from the standard input for `-`, or from a URL: with the guard of connections that go out, as feeds fetch it.
 * @throws PortolanError `invalid_source` where the URL does not answer with a list
 */
export async function readListSource(shell: Shell, command: Command, source: string): Promise<ListSource> {
  if (source === '-') return { bytes: await shell.readInput(), name: 'the standard input' }
  if (/^file:/i.test(source)) return contentOf(source, await readMirror(source))
  if (!/^https?:/i.test(source)) return { bytes: await readSource(shell, command, source), name: basename(source) }
  const fetcher = openFetcher(shell)
  try {
    return { ...contentOf(source, await fetcher.fetch(source)), url: source }
  } finally {
    await fetcher.close()
  }
}

/**
 * Reads a catalogue of another service: from its URL, such as `https://service.example.com/v1/catalogues/ID`, its document and the revision that
 * its ETag names; from a file, both as `{document, revision}`.
 * @throws PortolanError `invalid_source` where the service does not answer with them
 */
export async function readCatalogueSource(shell: Shell, command: Command, source: string): Promise<ListSource> {
  if (!/^https?:/i.test(source)) return readListSource(shell, command, source)
  const url = source.replace(/\/(?:document)?$/, '')
  const fetcher = openFetcher(shell)
  try {
    const fetched = await fetcher.fetch(`${url}/document`)
    const document = contentOf(`${url}/document`, fetched)
    const [number] = /\d+/.exec(('etag' in fetched && fetched.etag) || '') ?? []
    if (number === undefined) throw notFetched(document.name, 'its ETag names no revision')
    const revision = contentOf(`${url}/revisions/${number}`, await fetcher.fetch(`${url}/revisions/${number}`))
    const [first, second] = [document, revision].map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
    return { bytes: Buffer.from(`{"document": ${first}, "revision": ${second}}`), name: document.name, url }
  } finally {
    await fetcher.close()
  }
}

function openFetcher(shell: Shell): Fetcher {
  const { egress } = readConfig(shell.io.environment)
  const { proxy } = egress
  return new Fetcher({
    egress: new Egress({ policy: egress, lookup, connectMs: 5000, ...(proxy !== undefined && { proxy }) }),
    userAgent: `Portolan/${packageVersion()}`,
    now: shell.io.now
  })
}

function contentOf(source: string, fetched: Fetched): FeedSource {
  // Its query may hold a secret.
  const name = source.replace(/\?.*$/s, '')
  if (fetched.kind === 'content') return { bytes: fetched.bytes, name }
  const detail = fetched.kind === 'failed' ? fetched.reason : 'the source says that nothing has changed'
  throw notFetched(name, detail)
}

function notFetched(name: string, detail: string): PortolanError {
  return new PortolanError('invalid_source', `${name} cannot be read: ${detail}.`, {
    faults: [{ pointer: '', code: 'not_fetched', detail }]
  })
}
