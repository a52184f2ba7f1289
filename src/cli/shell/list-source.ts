import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { Egress, lookup } from '../../delivery/egress.ts'
import { Fetcher } from '../../delivery/fetch.ts'
import { readMirror } from '../../delivery/file-mirror.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Adapter, FeedSource } from '../../domain/feed/adapter.ts'
import { askAll, type Gathered, gatherOne } from '../../domain/feed/gathering/gathering.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { packageVersion } from '../../package-version.ts'
import { readSource } from './manuscript.ts'
import type { Shell } from './shell.ts'

export interface ListSource extends FeedSource {
  /** Where it was fetched from. */
  readonly url?: string
  /** Dates of its parts that are not after this instant are not taken. */
  readonly datesAfter?: Instant
}

export interface ListRequest {
  readonly adapter: Adapter
  readonly source: string
  /** The token of the list in the head of its catalogue, which some providers are asked with. */
  readonly headToken?: string | undefined
}

/**
 * Reads a list from a file, from the standard input for `-`, or from a URL: with the guard of connections that go out and with the questions
 * that it takes, as feeds fetch it.
 * @throws PortolanError `invalid_source` where the URL does not answer with a list
 */
export async function readListSource(
  shell: Shell,
  command: Command,
  { adapter, source, headToken }: ListRequest
): Promise<ListSource> {
  if (source === '-') return { bytes: await shell.readInput(), name: 'the standard input' }
  if (/^file:/i.test(source)) return contentOf(source, await readMirror(source))
  if (!isUrl(source)) return { bytes: await readSource(shell, command, source), name: basename(source) }
  // The URL of a catalogue is also what its document says.
  const url = adapter.name === 'portolan' ? source.replace(/\/(?:document)?$/, '') : source
  const fetcher = openFetcher(shell)
  try {
    const request = { url, validators: {}, headToken, requestId: randomUUID(), at: shell.io.now() }
    const { gather = gatherOne } = adapter
    const gathered = await askAll(gather(withoutUndefined(request)), (each) => fetcher.fetch(each))
    return { ...contentOf(source, gathered), url }
  } finally {
    await fetcher.close()
  }
}

/** Whether a source is fetched over the network. */
export function isUrl(source: string): boolean {
  return /^https?:/i.test(source)
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

function contentOf(source: string, fetched: Gathered): ListSource {
  // Its query may hold a secret.
  const name = source.replace(/\?.*$/s, '')
  if (fetched.kind === 'content') {
    const { bytes, parts, datesAfter } = fetched
    return withoutUndefined({ bytes, name, parts, datesAfter })
  }
  const detail = fetched.kind === 'failed' ? fetched.reason : 'the source says that nothing has changed'
  throw notFetched(name, detail)
}

function notFetched(name: string, detail: string): PortolanError {
  return new PortolanError('invalid_source', `${name} cannot be read: ${detail}.`, {
    faults: [{ pointer: '', code: 'not_fetched', detail }]
  })
}
