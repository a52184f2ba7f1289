import { Command } from 'commander'
import { auditCommand } from './audits.ts'
import { listCommand } from './catalogues.ts'
import { diffCommand } from './diffs.ts'
import { documentCommand } from './documents.ts'
import { eventsCommand } from './events.ts'
import { exportCommand, formatsCommand, slicesCommand } from './exports.ts'
import { reportFailure } from './failure.ts'
import { keysCommand } from './keys.ts'
import { listenCommand } from './listen.ts'
import { lookupCommand } from './lookups.ts'
import { publishCommand, restoreCommand } from './publishing.ts'
import { requirementsCommand } from './requirements.ts'
import { revisionsCommand } from './revisions.ts'
import { type Io, Shell } from './shell.ts'
import { storeOption } from './store.ts'
import { subscriptionsCommand } from './subscriptions.ts'
import { timelineCommand } from './timelines.ts'
import { validateCommand } from './validate.ts'
import { showCommand } from './views.ts'

/** The one list of commands. Settings of the program hold for all of them. */
function programOf(shell: Shell): Command {
  const program = new Command('portolan')
    .description('The catalogue of what products need from the network, from a shell.')
    .addOption(storeOption())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => shell.io.output(text),
      writeErr: (text) => shell.io.error(text),
      outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`)
    })
    .hook('preAction', (_, command) => {
      shell.isJson = command.opts<{ readonly json?: boolean }>().json === true
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 refused (validation, guard rail, conflict), 2 wrong usage, 3 the store cannot be reached.'
    )
  validateCommand(program, shell)
  publishCommand(program, shell)
  restoreCommand(program, shell)
  listCommand(program, shell)
  showCommand(program, shell)
  requirementsCommand(program, shell)
  documentCommand(program, shell)
  revisionsCommand(program, shell)
  diffCommand(program, shell)
  timelineCommand(program, shell)
  slicesCommand(program, shell)
  exportCommand(program, shell)
  formatsCommand(program, shell)
  lookupCommand(program, shell)
  auditCommand(program, shell)
  keysCommand(program, shell)
  eventsCommand(program, shell)
  subscriptionsCommand(program, shell)
  listenCommand(program, shell)
  return program
}

/** Runs one command line, without the name of the program. @returns what the process ends with. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const shell = new Shell(io)
  try {
    await programOf(shell).parseAsync(argv, { from: 'user' })
    return shell.exitCode
  } catch (error) {
    return reportFailure(shell, error)
  }
}
