import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultOverlapMs } from '../../catalogue/key-changes.ts'
import { hasScope, type KeyScope, keyScopes } from '../../domain/key.ts'
import { isCataloguePattern, narrowingOf } from '../../domain/narrowing.ts'
import { parseAddress } from '../../domain/network/address.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { withKeys } from '../backend/key-backend.ts'
import { readInstantArgument } from '../shell/clock-options.ts'
import { collectOneOf } from '../shell/filter-options.ts'
import { readName } from '../shell/override-options.ts'
import type { Shell } from '../shell/shell.ts'

interface CreateOptions {
  readonly scope?: readonly KeyScope[]
  readonly name?: string
  readonly expires?: Instant
  readonly cidr?: readonly string[]
  readonly catalogue?: readonly string[]
  readonly json?: boolean
}

export function keysCommand(program: Command, shell: Shell): void {
  const keys = program.command('keys').description('Manages the keys that clients of the service send.')
  createCommand(keys, shell)
  listKeysCommand(keys, shell)
  revokeCommand(keys, shell)
  rotateCommand(keys, shell)
}

function createCommand(keys: Command, shell: Shell): void {
  const scope = new Option('--scope <scope...>', 'what the key permits').choices(keyScopes)
  keys
    .command('create')
    .description('Creates a key and shows it once.')
    .addOption(scope.argParser(collectOneOf(keyScopes)))
    .addOption(new Option('--name <text>', 'name of its owner').argParser(readName))
    .addOption(
      new Option('--expires <instant>', 'when the key expires').argParser((text: string) => {
        const instant = readInstantArgument(text)
        if (instant <= shell.io.now()) throw new InvalidArgumentError('It is in the past.')
        return instant
      })
    )
    .addOption(
      new Option('--cidr <cidr...>', 'addresses from which it may be used (default: any)').argParser(collectAddress)
    )
    .addOption(
      new Option(
        '--catalogue <id...>',
        'the only catalogues that it may touch: ids, and feed.* for those that begin with feed. (default: all)'
      ).argParser(collectPattern)
    )
    .option('--json', 'print {"id", "key", "scopes"}')
    .addHelpText(
      'after',
      '\nWhere reads need a key (PORTOLAN_READ_ACCESS=key), subscriptions:write needs catalogue:read beside it.\n\nExample:\n  $ portolan keys create --scope catalogue:publish --name "build server"'
    )
    .action(async ({ scope: scopes, name, expires, cidr, catalogue, json }: CreateOptions, command: Command) => {
      if (!scopes) command.error(`error: a key needs --scope with one or more of ${keyScopes.join(', ')}`)
      await withKeys(shell, command, 'create', async (keys) => {
        const {
          id,
          key,
          scopes: given
        } = await keys.create({
          scopes,
          ...(name !== undefined && { name }),
          ...(expires !== undefined && { expiresAt: expires }),
          ...(catalogue && { catalogues: narrowingOf(catalogue) }),
          ...(cidr && { cidrs: [...new Set(cidr)].sort() })
        })
        if (json) shell.printJson({ id, key, scopes: given })
        else shell.print(`${key}\nThis is the key ${id} for ${given.join(', ')}. It is not shown again.`)
        if (!json && needsReading(given))
          shell.print(
            'Where PORTOLAN_READ_ACCESS=key, it is of no use: such a key needs the scope catalogue:read, too.'
          )
      })
    })
}

/** Whether a key shows what is in catalogues only where everybody may read them. */
function needsReading(scopes: readonly KeyScope[]): boolean {
  return (
    !hasScope({ scopes }, 'catalogue:read') && scopes.some((scope) => !['keys:manage', 'metrics:read'].includes(scope))
  )
}

function listKeysCommand(keys: Command, shell: Shell): void {
  keys
    .command('list')
    .description('Lists all keys without their secrets.')
    .option(
      '--json',
      'print {"items": [{"id", "name", "scopes", "catalogues", "cidrs", "createdAt", "expiresAt", "revokedAt", "lastUsedAt", "previousUntil"}]}'
    )
    .addHelpText('after', '\nExample:\n  $ portolan keys list')
    .action(async ({ json }: { readonly json?: boolean }, command: Command) => {
      await withKeys(shell, command, 'existing', async (keys) => {
        const items = await keys.list()
        if (json) return shell.printJson({ items })
        if (items.length === 0) return shell.print('There is no key.')
        shell.printTable(
          ['id', 'name', 'scopes', 'catalogues', 'from', 'created', 'used', 'expires', 'revoked'],
          items.map(
            ({
              id,
              name = '',
              scopes,
              catalogues = [],
              cidrs = [],
              createdAt,
              lastUsedAt = '',
              expiresAt = '',
              revokedAt = ''
            }) => [
              id,
              name,
              scopes.join(' '),
              catalogues.join(' '),
              cidrs.join(' '),
              createdAt,
              lastUsedAt,
              expiresAt,
              { text: revokedAt, paint: shell.colours.red }
            ]
          )
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
      await withKeys(shell, command, 'existing', async (keys) => {
        const before = await keys.revoke(id)
        if (before === undefined) return shell.print(`Revoked the key ${id}.`)
        shell.print(`The key ${id} was revoked already, at ${formatInstant(before)}.`)
      })
    })
}

interface RotateOptions {
  readonly overlap: number
  readonly json?: boolean
}

function rotateCommand(keys: Command, shell: Shell): void {
  const overlap = new Option(
    '--overlap <duration>',
    'how long the secret that is replaced is good for, in days and hours; PT0H: it ends now'
  )
  keys
    .command('rotate')
    .description('Gives a key another secret and shows it once. What the key permits stays.')
    .argument('<id>', 'id of the key, from keys list')
    .addOption(overlap.argParser(readOverlap).default(defaultOverlapMs, 'PT24H'))
    .option('--json', 'print {"id", "key", "scopes"}')
    .addHelpText('after', '\nExample:\n  $ portolan keys rotate 0a1b2c3d4e5f --overlap P7D')
    .action(async (id: string, { overlap, json }: RotateOptions, command: Command) => {
      await withKeys(shell, command, 'existing', async (keys) => {
        const { key, scopes, previousUntil: until = 'now' } = await keys.rotate(id, overlap)
        if (json) return shell.printJson({ id, key, scopes })
        shell.print(
          `${key}\nThis is the key ${id} from now on. It is not shown again. The one before is good until ${until}.`
        )
      })
    })
}

function readOverlap(text: string): number {
  const read = parseDuration(text)
  if ('fault' in read) throw new InvalidArgumentError(`It ${read.fault}.`)
  return read.millis
}

function collectPattern(text: string, collected: readonly string[] = []): readonly string[] {
  if (isCataloguePattern(text)) return [...collected, text]
  throw new InvalidArgumentError('It must be the id of a catalogue, or end with .* after one.')
}

function collectAddress(text: string, collected: readonly string[] = []): readonly string[] {
  const read = parseAddress(text)
  if ('fault' in read) throw new InvalidArgumentError(`It ${read.fault}.`)
  return [...collected, read.value]
}
