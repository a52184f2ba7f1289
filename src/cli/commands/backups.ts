import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import { backUp, recordBackup } from '../../store/backup/backup.ts'
import { postgresCommands } from '../../store/backup/postgres-commands.ts'
import { type Restored, renew, restoreBackup } from '../../store/backup/restore-backup.ts'
import { keyFileOf, withEngineOf } from '../../store/open-engine.ts'
import { withProgress } from '../shell/progress.ts'
import type { Shell } from '../shell/shell.ts'
import { sqlitePath, storeConfig, storeFailure } from '../shell/store.ts'
import { verifiedText } from '../shell/verified-text.ts'

export function backupCommands(program: Command, shell: Shell): void {
  backupCommand(program, shell)
  restoreBackupCommand(program, shell)
}

function backupCommand(program: Command, shell: Shell): void {
  program
    .command('backup')
    .description(
      'Backs up a store of SQLite into a file, while the service goes on. For PostgreSQL it says the pg_dump to run.'
    )
    .argument('<file>', 'file to write, readable for its owner only')
    .option('--overwrite', 'replace the file where it exists')
    .addHelpText(
      'after',
      '\nThe key file beside the database is not in the backup. It belongs to it: keep both, in two places.\n\nExample:\n  $ portolan backup /var/backups/portolan-monday.db'
    )
    .action(async (file: string, { overwrite = false }: { readonly overwrite?: boolean }, command: Command) => {
      const { databaseUrl, secretKeys } = storeConfig(shell.io, command, 'existing')
      const path = sqlitePath(databaseUrl)
      if (path === undefined) return sayPostgres(shell, databaseUrl, file, 'backup')
      const bytes = await withProgress(shell, (progress) =>
        backUp(path, file, { replaces: overwrite }, progress)
      ).catch(storeFailure)
      const note = recordBackup(path, Date.now()) ? '' : `${unnoted}\n`
      shell.print(
        `Backed up ${path} to ${file}, ${bytes} bytes.\n${note}${keyText(databaseUrl, secretKeys !== undefined)}`
      )
    })
}

const unnoted =
  'The time of it could not be noted beside the store, so the service tells the age of an earlier backup, or of none.'

/** Where the key is without which the secrets in a backup cannot be opened. */
function keyText(databaseUrl: string, isGiven: boolean): string {
  const file = keyFileOf(databaseUrl)
  const place = isGiven || file === undefined ? 'the key of PORTOLAN_SECRET_KEY' : `the key file ${resolve(file)}`
  return `Not in it: ${place}, without which the secrets of webhooks in the backup cannot be opened. Keep it too, in another place.`
}

function restoreBackupCommand(program: Command, shell: Shell): void {
  program
    .command('restore-backup')
    .description(
      'Verifies a backup, puts it in the place of the store, and begins a new epoch. The service must not run.'
    )
    .argument('[file]', 'a file that portolan backup made')
    .option('--overwrite', 'replace the store that is there')
    .option('--in-place', 'the store was put back by other tools, such as pg_restore: verify it, and begin a new epoch')
    .addHelpText(
      'after',
      '\nA new epoch tells readers that had read further than the backup to begin again: 410 epoch_changed, on streams an event reset.\nTo roll a catalogue back to an earlier revision there is portolan restore.\n\nExamples:\n  $ portolan restore-backup /var/backups/portolan-monday.db --overwrite\n  $ portolan restore-backup --in-place'
    )
    .action(
      async (
        file: string | undefined,
        { overwrite = false, inPlace = false }: { readonly overwrite?: boolean; readonly inPlace?: boolean },
        command: Command
      ) => {
        if ((file === undefined) !== inPlace)
          command.error('error: give the file of a backup, or --in-place without one')
        if (file !== undefined && !existsSync(file)) command.error(`error: there is no file ${file}`)
        const { databaseUrl, secretKeys = [] } = storeConfig(shell.io, command, inPlace ? 'existing' : 'create')
        const path = sqlitePath(databaseUrl)
        if (file === undefined) {
          const restored = await withProgress(shell, (progress) =>
            withEngineOf({ url: databaseUrl, keys: secretKeys, migration: 'run' }, (engine) => renew(engine, progress))
          ).catch(storeFailure)
          return shell.print(restoredText(restored))
        }
        if (path === undefined) return sayPostgres(shell, databaseUrl, file, 'restore')
        const restored = await withProgress(shell, (progress) =>
          restoreBackup(file, path, { keys: secretKeys, replaces: overwrite }, progress)
        ).catch(storeFailure)
        shell.print(`Restored ${file} to ${path}.\n${restoredText(restored)}`)
      }
    )
}

function restoredText({ verified, epoch }: Restored): string {
  return `${verifiedText(verified)}\nA new epoch begins: ${epoch}. Whoever had read further than event ${verified.events}, or knows the former epoch, has to begin again.`
}

/** A cluster has its own tools, which copy it as it is at one moment, with what else is in it. @throws PortolanError `wrong_state` */
function sayPostgres(shell: Shell, databaseUrl: string, file: string, what: 'backup' | 'restore'): never {
  if (databaseUrl.startsWith('sqlite:')) throw new PortolanError('wrong_state', 'A store in memory has no file.')
  const commands = postgresCommands(databaseUrl, file)
  shell.print(commands[what])
  if (what === 'restore') shell.print('portolan restore-backup --in-place')
  throw new PortolanError(
    'wrong_state',
    'Nothing was done: the tools of PostgreSQL copy a database as it is at one moment, from where they are, and know its roles and versions. Run what is printed above; the password belongs into PGPASSWORD or ~/.pgpass.'
  )
}
