import { Command } from 'commander'
import { requireKnownVariables } from '../config/known-variables.ts'
import { packageVersion } from '../package-version.ts'
import { insecureOption, keyOption, urlOption } from './backend/open-backend.ts'
import { auditCommand } from './commands/audits.ts'
import { backupCommands } from './commands/backups.ts'
import { listCommand } from './commands/catalogues.ts'
import { changePackCommand } from './commands/change-packs.ts'
import { completionCommand } from './commands/completion.ts'
import { copyCommand } from './commands/copies.ts'
import { diffCommand } from './commands/diffs.ts'
import { documentCommand } from './commands/documents.ts'
import { eventsCommand } from './commands/events.ts'
import { exportCommand, formatsCommand, slicesCommand } from './commands/exports.ts'
import { feedsCommand } from './commands/feeds.ts'
import { importCommand } from './commands/imports.ts'
import { initCommand } from './commands/inits.ts'
import { keysCommand } from './commands/keys.ts'
import { listenCommand } from './commands/listen.ts'
import { lookupCommand } from './commands/lookups.ts'
import { publishCommand, restoreCommand } from './commands/publishing.ts'
import { pullRequestCommand } from './commands/pull-requests.ts'
import { requirementsCommand } from './commands/requirements.ts'
import { revisionsCommand } from './commands/revisions.ts'
import { searchCommand } from './commands/searches.ts'
import { serveCommand } from './commands/serve.ts'
import { storeCommands } from './commands/stores.ts'
import { subscriptionsCommand } from './commands/subscriptions.ts'
import { timelineCommand } from './commands/timelines.ts'
import { validateCommand } from './commands/validate.ts'
import { showCommand } from './commands/views.ts'
import { reportFailure } from './shell/failure.ts'
import { type Io, Shell } from './shell/shell.ts'
import { storeOption } from './shell/store.ts'

/** The one list of commands. Settings of the program apply to all of them. */
export function programOf(shell: Shell): Command {
  const program = new Command('portolan')
    .description('The catalogue of what products need from the network, on the command line.')
    .version(versionText(shell.io.environment), '--version', 'print the version, that of Node, and the kind of store')
    .addOption(storeOption())
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(insecureOption())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => shell.io.output(text),
      writeErr: (text) => shell.io.error(text),
      outputError: (text, write) =>
        write(
          `${text
            .trim()
            .replace(/\s*\n\s*/g, ' ')
            .replace('command-argument value ', '')
            // Of a URL that is quoted, the name and the password are left out.
            .replace(/'\S*[:/]\S*@/g, "'…@")}\n`
        )
    })
    .hook('preAction', (_, command) => {
      shell.isJson = command.opts<{ readonly json?: boolean }>().json === true
      requireKnownVariables(shell.io.environment)
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 refused (validation, guard rail, conflict), 2 wrong usage, 3 the store or the service cannot be reached.'
    )
  serveCommand(program, shell)
  initCommand(program, shell)
  validateCommand(program, shell)
  publishCommand(program, shell)
  importCommand(program, shell)
  restoreCommand(program, shell)
  listCommand(program, shell)
  showCommand(program, shell)
  requirementsCommand(program, shell)
  documentCommand(program, shell)
  revisionsCommand(program, shell)
  diffCommand(program, shell)
  changePackCommand(program, shell)
  pullRequestCommand(program, shell)
  timelineCommand(program, shell)
  slicesCommand(program, shell)
  exportCommand(program, shell)
  formatsCommand(program, shell)
  lookupCommand(program, shell)
  searchCommand(program, shell)
  auditCommand(program, shell)
  keysCommand(program, shell)
  eventsCommand(program, shell)
  feedsCommand(program, shell)
  subscriptionsCommand(program, shell)
  listenCommand(program, shell)
  storeCommands(program, shell)
  backupCommands(program, shell)
  copyCommand(program, shell)
  completionCommand(program, shell)
  return program
}

function versionText(environment: Io['environment']): string {
  const isPostgres = environment.PORTOLAN_DATABASE_URL?.startsWith('postgres') === true
  return `portolan ${packageVersion()}, Node ${process.versions.node}, ${isPostgres ? 'postgres' : 'sqlite'}`
}

/** Runs one command line, given without the name of the program. @returns the exit code of the process */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const shell = new Shell(io)
  try {
    await programOf(shell).parseAsync(argv, { from: 'user' })
    return shell.exitCode
  } catch (error) {
    return reportFailure(shell, error)
  }
}
