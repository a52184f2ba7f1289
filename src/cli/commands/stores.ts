import type { Command } from 'commander'
import { verify } from '../../store/integrity/verify.ts'
import { fillChecksums } from '../../store/log/checksums.ts'
import { packStore } from '../../store/log/packing.ts'
import { withEngineOf } from '../../store/open-engine.ts'
import { withProgress } from '../shell/progress.ts'
import type { Shell } from '../shell/shell.ts'
import { storeConfig, storeFailure } from '../shell/store.ts'
import { verifiedText } from '../shell/verified-text.ts'

/** The commands that are about the store as a whole. */
export function storeCommands(program: Command, shell: Shell): void {
  verifyCommand(program, shell)
  migrateCommand(program, shell)
}

function verifyCommand(program: Command, shell: Shell): void {
  program
    .command('verify')
    .description('Proves that history and log are as they were written. A running service goes on meanwhile.')
    .option(
      '--json',
      'print {"epoch", "catalogues", "sites", "revisions", "requirements", "endpoints", "events", "signingKeys"}'
    )
    .addHelpText(
      'after',
      '\nIt recomputes every digest, the chain of revisions, the checksum of each event, and the keys that sign. The first thing that is\nwrong is named, and the exit code is 1.\n\nExample:\n  $ portolan verify'
    )
    .action(async ({ json }: { readonly json?: boolean }, command: Command) => {
      const { databaseUrl, secretKeys = [] } = storeConfig(shell.io, command, 'existing')
      const verified = await withProgress(shell, (progress) =>
        withEngineOf({ url: databaseUrl, keys: secretKeys }, (engine) => verify(engine, progress))
      ).catch(storeFailure)
      if (json) shell.printJson(verified)
      else shell.print(verifiedText(verified))
    })
}

function migrateCommand(program: Command, shell: Shell): void {
  program
    .command('migrate')
    .description('Brings the tables of the store to the schema of this program, also where PORTOLAN_MIGRATE=off.')
    .option(
      '--pack',
      'also make the store smaller: programs of older versions do not read it then, so stop them before'
    )
    .addHelpText(
      'after',
      '\nA start of the service does the same, unless PORTOLAN_MIGRATE=off. A store that is newer than the program is refused.\n\nExample:\n  $ portolan migrate'
    )
    .action(async ({ pack }: { readonly pack?: boolean }, command: Command) => {
      const { databaseUrl, secretKeys = [] } = storeConfig(shell.io, command, 'create')
      const { before, now, isPacked } = await withProgress(shell, (progress) => {
        progress('changing the tables')
        return withEngineOf({ url: databaseUrl, keys: secretKeys, migration: 'run' }, async (engine) => {
          // What a migration cannot say in SQL.
          await fillChecksums(engine, progress)
          if (pack) progress('packing')
          return { ...engine.schema, isPacked: pack === true && (await packStore(engine)) }
        })
      }).catch(storeFailure)
      if (before === now && !isPacked) shell.print(`The store has schema ${now}. There was nothing to do.`)
      else if (before === now) shell.print(`The store has schema ${now}.`)
      else shell.print(`The store has schema ${now}; it had ${before === 0 ? 'no tables' : before}.`)
      if (isPacked) shell.print('It is packed now.')
    })
}
