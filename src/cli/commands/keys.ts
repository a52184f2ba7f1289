import { type Command, InvalidArgumentError, Option } from 'commander'
import { createKey } from '../../catalogue/keys.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type Key, type KeyScope, keyScopes } from '../../domain/key.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { readInstantArgument } from '../shell/clock-options.ts'
import { collectOneOf } from '../shell/filter-options.ts'
import { readName } from '../shell/override-options.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'

interface CreateOptions {
  readonly scope: readonly KeyScope[]
  readonly name?: string
  readonly expires?: Instant
  readonly json?: boolean
}

export function keysCommand(program: Command, shell: Shell): void {
  const keys = program.command('keys').description('Manages the keys that clients of the service send.')
  createCommand(keys, shell)
  listKeysCommand(keys, shell)
  revokeCommand(keys, shell)
}

function createCommand(keys: Command, shell: Shell): void {
  const scope = new Option('--scope <scope...>', `what the key permits: ${keyScopes.join(', ')}`)
  keys
    .command('create')
    .description('Creates a key and shows it once.')
    .addOption(scope.argParser(collectOneOf(keyScopes)).makeOptionMandatory())
    .addOption(new Option('--name <text>', 'name of its owner').argParser(readName))
    .addOption(
      new Option('--expires <instant>', 'when the key expires').argParser((text: string) => {
        const instant = readInstantArgument(text)
        if (instant <= shell.io.now()) throw new InvalidArgumentError('It is in the past.')
        return instant
      })
    )
    .option('--json', 'print {"id", "key", "scopes"}')
    .addHelpText('after', '\nExample:\n  $ portolan keys create --scope catalogue:publish --name "build server"')
    .action(async ({ scope: scopes, name, expires, json }: CreateOptions, command: Command) => {
      await withCatalogues(shell, command, 'create', async (catalogues) => {
        const { key, text } = await createKey(catalogues, {
          scopes,
          ...(name !== undefined && { name }),
          ...(expires !== undefined && { expiresAt: expires })
        })
        if (json) shell.printJson({ id: key.id, key: text, scopes: key.scopes })
        else shell.print(`${text}\nThis is the key ${key.id} for ${key.scopes.join(', ')}. It is not shown again.`)
      })
    })
}

function listKeysCommand(keys: Command, shell: Shell): void {
  keys
    .command('list')
    .description('Lists all keys without their secrets.')
    .option('--json', 'print {"items": [{"id", "name", "scopes", "createdAt", "expiresAt", "revokedAt"}]}')
    .addHelpText('after', '\nExample:\n  $ portolan keys list')
    .action(async ({ json }: { readonly json?: boolean }, command: Command) => {
      await withCatalogues(shell, command, 'existing', async ({ store }) => {
        const items = (await store.keys()).map(keyJson)
        if (json) return shell.printJson({ items })
        if (items.length === 0) return shell.print('There is no key.')
        shell.printTable(
          ['id', 'name', 'scopes', 'created', 'expires', 'revoked'],
          items.map(({ id, name = '', scopes, createdAt, expiresAt = '', revokedAt = '' }) => [
            id,
            name,
            scopes.join(' '),
            createdAt,
            expiresAt,
            { text: revokedAt, paint: shell.colours.red }
          ])
        )
      })
    })
}

function revokeCommand(keys: Command, shell: Shell): void {
  keys
    .command('revoke')
    .description('Revokes a key. A running service refuses it within a second.')
    .argument('<id>', 'id of the key, from keys list')
    .addHelpText('after', '\nExample:\n  $ portolan keys revoke 0a1b2c3d4e5f')
    .action(async (id: string, _: object, command: Command) => {
      await withCatalogues(shell, command, 'existing', async ({ store, now }) => {
        if (await store.revokeKey(id, now())) return shell.print(`Revoked the key ${id}.`)
        const before = (await store.keys()).find((key) => key.id === id)?.revokedAt
        if (before === undefined) throw new PortolanError('not_found', `There is no key ${id}.`)
        shell.print(`The key ${id} was revoked already, at ${formatInstant(before)}.`)
      })
    })
}

/** A key without its hash. */
function keyJson({ id, name, scopes, createdAt, expiresAt, revokedAt }: Key) {
  return {
    id,
    ...(name !== undefined && { name }),
    scopes,
    createdAt: formatInstant(createdAt),
    ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: formatInstant(revokedAt) })
  }
}
