import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { Option } from 'commander'
import { readConfig } from '../../config/config.ts'
import { PortolanError } from '../../domain/errors.ts'
import { copyStore } from '../../store/copy/copy.ts'
import { withProgress } from '../shell/progress.ts'
import type { Shell } from '../shell/shell.ts'
import { readStoreUrl, sqlitePath, storeFailure } from '../shell/store.ts'
import { verifiedText } from '../shell/verified-text.ts'

export function copyCommand(program: Command, shell: Shell): void {
  const option = (name: string, meaning: string) =>
    new Option(`--${name} <url>`, `${meaning}: sqlite:PATH or postgres://…`)
      .argParser(readStoreUrl)
      .makeOptionMandatory()
  program
    .command('copy')
    .description(
      'Copies a store into an empty one, on the same or the other engine: history, log, keys, subscriptions.'
    )
    .addOption(option('from', 'the store to copy, on which no service should run'))
    .addOption(option('to', 'an empty store'))
    .option('--json', 'print {"rows": {table: number}, "verified": {…}}')
    .addHelpText(
      'after',
      '\nThe copy has the same epoch and the same seqs, and is verified at the end. Secrets are sealed anew with PORTOLAN_SECRET_KEY, or with the\nkey file of a target of SQLite. Leases are not copied. What is published into the source after the start is not in the copy.\n\nExample:\n  $ portolan copy --from sqlite:data/portolan.db --to postgres://portolan@db.example/portolan'
    )
    .action(async ({ from, to, json }: { readonly from: string; readonly to: string; readonly json?: boolean }) => {
      const { secretKeys = [] } = readConfig(shell.io.environment)
      const path = sqlitePath(from)
      if (path !== undefined && !existsSync(path)) throw new PortolanError('not_ready', `There is no store at ${path}.`)
      const { rows, verified } = await withProgress(shell, (progress) =>
        copyStore({ from, to, keys: secretKeys }, progress)
      ).catch(storeFailure)
      if (json) return shell.printJson({ rows, verified })
      const { keys, subscriptions, deliveries } = rows
      shell.print(
        `Copied, with ${keys} keys, ${subscriptions} subscriptions and ${deliveries} entries of their logs.\n${verifiedText(verified)}`
      )
    })
}
