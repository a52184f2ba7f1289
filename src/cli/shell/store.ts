import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { UnknownCatalogue } from '../../catalogue/read/point.ts'
import { type Config, overriding, readClientConfig, readConfig } from '../../config/config.ts'
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
    readStoreUrl
  )
}

export function readStoreUrl(url: string): string {
  const read = storeUrl(url)
  if ('value' in read) return read.value
  if (/^https?:/.test(url)) throw new InvalidArgumentError('It names a service: give --url with it.')
  throw new InvalidArgumentError(`It must be ${read.expected}.`)
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
  const { catalogues, close } = await openOrRefuse(storeConfig(io, command, access), io.now)
  try {
    await catalogues.heads.refresh()
    await use(catalogues)
  } catch (error) {
    if (!(error instanceof UnknownCatalogue)) throw error
    throw nearest(
      error,
      catalogues.heads.all().map(({ revision }) => revision.catalogue)
    )
  } finally {
    await close()
  }
}

/** The same error with the catalogue that is probably meant. Whoever reaches the store, or asks for the list, may see all ids. */
export function nearest({ catalogue }: UnknownCatalogue, ids: readonly string[]): PortolanError {
  return new PortolanError('not_found', `There is no catalogue ${catalogue}${suggestion(catalogue, ids)}`)
}

/** The base of links of a service that runs with the same settings. */
export function linkBase(environment: Io['environment']): string {
  const { host, port, publicUrl = `http://${host}:${port}` } = readConfig(environment)
  return publicUrl
}

/** The file of a store; undefined where it has none of its own. */
export function sqlitePath(databaseUrl: string): string | undefined {
  return /^sqlite:(?!:memory:$)(.+)$/.exec(databaseUrl)?.[1]
}

/** The configuration, with the store that a command line names. @throws PortolanError `not_ready` where there must be one */
export function storeConfig({ environment }: Io, command: Command, access: StoreAccess): Config {
  const { store, url } = command.optsWithGlobals<{ readonly store?: string; readonly url?: string }>()
  if (url !== undefined || (store === undefined && readClientConfig(environment).url !== undefined))
    command.error(`error: ${nameOf(command)} works on a store, and not over HTTP: give --store, and no --url`)
  const config = readConfig({
    ...environment,
    ...(store !== undefined && overriding(environment, databaseVariable, store))
  })
  const file = sqlitePath(config.databaseUrl)
  if (file === undefined || access === 'create' || existsSync(file)) return config
  if (access === 'rehearse') return { ...config, databaseUrl: 'sqlite::memory:' }
  throw new PortolanError(
    'not_ready',
    `There is no store at ${resolve(file)}: the first publish creates one, and --store or ${databaseVariable} names another one.`
  )
}

/** The words that call a command: `keys list`. */
function nameOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}

function openOrRefuse(config: Config, now: () => Instant): Promise<OpenCatalogues> {
  return openCatalogues(config, { now }).catch((error: unknown) => {
    // A file that is no database is no store; verify is what finds damage in one.
    const isDamaged = error instanceof PortolanError && error.code === 'store_damaged'
    return storeFailure(isDamaged ? new Error(error.message) : error)
  })
}

/** Why a store could not be used. @throws PortolanError always */
export function storeFailure(error: unknown): never {
  if (error instanceof PortolanError) throw error
  // Any other error, such as that of a file that is no database, also means that the store cannot be reached.
  throw new PortolanError('not_ready', `The store cannot be opened: ${error instanceof Error ? error.message : error}.`)
}
