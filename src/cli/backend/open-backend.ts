import { type Command, InvalidArgumentError, Option } from 'commander'
import { UnknownCatalogue } from '../../catalogue/read/point.ts'
import { readClientConfig } from '../../config/config.ts'
import { serviceUrl } from '../../config/reader.ts'
import type { Io, Shell } from '../shell/shell.ts'
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
  const client = clientOf(shell.io, command)
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

function clientOf({ environment }: Io, command: Command): RestClient | undefined {
  const { url, key, store } = command.optsWithGlobals<{ readonly [name in 'url' | 'key' | 'store']?: string }>()
  const settings = readClientConfig(environment)
  const base = url ?? (store === undefined ? settings.url : undefined)
  return base === undefined ? undefined : new RestClient(base, key ?? settings.key)
}
