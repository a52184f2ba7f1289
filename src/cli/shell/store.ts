import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { UnknownCatalogue } from '../../catalogue/read/point.ts'
import { type Config, readConfig } from '../../config/config.ts'
import { storeUrl } from '../../config/reader.ts'
import { PortolanError } from '../../domain/errors.ts'
import { suggestion } from '../../domain/nearest-name.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { type OpenCatalogues, openCatalogues } from '../../open-catalogues.ts'
import type { Io, Shell } from './shell.ts'

const databaseVariable = 'PORTOLAN_DATABASE_URL'

/** What a command does if there is no store: it fails, it creates one, or it works on an empty one in memory. */
export type StoreAccess = 'existing' | 'create' | 'rehearse'

export function storeOption(): Option {
  return new Option('--store <url>', `sqlite:PATH or postgres://…, instead of ${databaseVariable}`).argParser(
    (url: string) => {
      const read = storeUrl(url)
      if ('value' in read) return read.value
      throw new InvalidArgumentError(`It must be ${read.expected}.`)
    }
  )
}

/**
 * Runs a use case on the configured store.
 * @throws PortolanError `not_ready` where the store cannot be opened.
 */
export async function withCatalogues(
  { io }: Shell,
  command: Command,
  access: StoreAccess,
  use: (catalogues: Catalogues) => Promise<void>
): Promise<void> {
  const { catalogues, close } = await openOrRefuse(configOf(io, command, access), io.now)
  try {
    await catalogues.heads.refresh()
    await use(catalogues)
  } catch (error) {
    if (!(error instanceof UnknownCatalogue)) throw error
    const ids = catalogues.heads.all().map(({ revision }) => revision.catalogue)
    const said = `There is no catalogue ${error.catalogue}${suggestion(error.catalogue, ids)}`
    throw new PortolanError('not_found', said)
  } finally {
    await close()
  }
}

function configOf({ environment }: Io, command: Command, access: StoreAccess): Config {
  const { store } = command.optsWithGlobals<{ readonly store?: string }>()
  const config = readConfig({ ...environment, ...(store !== undefined && { [databaseVariable]: store }) })
  const [, file] = /^sqlite:(?!:memory:$)(.+)$/.exec(config.databaseUrl) ?? []
  if (file === undefined || access === 'create' || existsSync(file)) return config
  if (access === 'rehearse') return { ...config, databaseUrl: 'sqlite::memory:' }
  throw new PortolanError(
    'not_ready',
    `There is no store at ${resolve(file)}: the first publish creates one, and --store or ${databaseVariable} names another one.`
  )
}

async function openOrRefuse(config: Config, now: () => Instant): Promise<OpenCatalogues> {
  try {
    return await openCatalogues(config, { now })
  } catch (error) {
    if (error instanceof PortolanError) throw error
    // Any other error, such as that of a file that is no database, also means that the store cannot be reached.
    throw new PortolanError(
      'not_ready',
      `The store cannot be opened: ${error instanceof Error ? error.message : error}.`
    )
  }
}
