import { type Command, InvalidArgumentError, Option } from 'commander'
import { UnknownCatalogue } from '../../catalogue/read/point.ts'
import { readClientConfig } from '../../config/config.ts'
import { serviceUrl } from '../../config/reader.ts'
import { isLoopback } from '../../domain/network/loopback.ts'
import type { Shell } from '../shell/shell.ts'
import { linkBase, nearest, type StoreAccess, withCatalogues } from '../shell/store.ts'
import type { Backend } from './backend.ts'
import { RestClient } from './rest-client.ts'
import { StoreBackend } from './store-backend.ts'
import { UrlBackend } from './url-backend.ts'

export function urlOption(): Option {
  return new Option('--url <url>', 'base URL of a service to ask instead of a store (PORTOLAN_URL)')
    .conflicts('store')
    .argParser((text: string) => {
      const read = serviceUrl(text)
      if ('value' in read && read.value !== undefined) return read.value
      throw new InvalidArgumentError(`It must be ${'expected' in read ? read.expected : 'an http or https URL'}.`)
    })
}

export function keyOption(): Option {
  return new Option('--key <key>', 'key to send to the service; everybody who lists processes sees it (PORTOLAN_KEY)')
}

export function insecureOption(): Option {
  return new Option('--insecure', 'send the key also without TLS to another machine')
}

/**
 * Runs a command on the service that is named, or else on the configured store.
 * @throws PortolanError `not_ready` where neither can be reached.
 */
export async function withBackend(
  shell: Shell,
  command: Command,
  access: StoreAccess,
  use: (backend: Backend) => Promise<void>
): Promise<void> {
  const client = openClient(shell, command)
  if (!client)
    return withCatalogues(shell, command, access, (catalogues) =>
      use(new StoreBackend(catalogues, linkBase(shell.io.environment)))
    )
  const backend = new UrlBackend(client, shell.io.now)
  try {
    await use(backend)
  } catch (error) {
    if (!(error instanceof UnknownCatalogue)) throw error
    throw nearest(
      error,
      (await backend.catalogues({})).map(({ id }) => id)
    )
  }
}

interface ClientOptions {
  readonly url?: string
  readonly key?: string
  readonly store?: string
  readonly insecure?: boolean
}

/** The service that a command asks; undefined where it works on the store. */
export function openClient({ io }: Shell, command: Command): RestClient | undefined {
  const { url, key: given, store, insecure } = command.optsWithGlobals<ClientOptions>()
  const settings = readClientConfig(io.environment)
  const base = url ?? (store === undefined ? settings.url : undefined)
  if (base === undefined) return undefined
  if (given !== undefined)
    io.error('warning: whoever lists processes sees what --key is; PORTOLAN_KEY and PORTOLAN_KEY_FILE are not seen\n')
  const key = given ?? settings.key
  if (key !== undefined && insecure !== true && isReadByOthers(base))
    command.error(
      `error: ${base} has no TLS, so others would read the key: give an https URL, or --insecure if you trust the network`
    )
  return new RestClient(base, key)
}

/** Whether what is sent to a URL can be read on its way: without TLS, to another machine. */
function isReadByOthers(base: string): boolean {
  const { protocol, host } = new URL(base)
  return protocol === 'http:' && !isLoopback(host)
}
