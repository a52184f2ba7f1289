import { type Command, InvalidArgumentError, Option } from 'commander'
import { overriding } from '../../config/config.ts'
import { options as settings } from '../../config/options.ts'
import type { Shell } from '../shell/shell.ts'

interface ServeOptions {
  readonly port?: string
  readonly host?: string
  readonly store?: string
  readonly url?: string
  readonly key?: string
}

/** Registers `serve`. The service is a program of its own, which the process brings; options are the variables that it reads. */
export function serveCommand(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description(
      'Runs the service. Its data is in ./data, and an empty store begins with the documents of ./catalogues or, without one, of the package.'
    )
    .addOption(
      new Option('--port <port>', `port to listen on; 0 takes a free one (${settings.port.variable})`).argParser(
        readPort
      )
    )
    .option('--host <address>', `address to listen on (${settings.host.variable})`)
    .addHelpText(
      'after',
      '\nAll other settings are variables of the environment.\n\nExample:\n  $ portolan serve --port 8081'
    )
    .action(async (_, command: Command) => {
      const { port, host, store, url, key } = command.optsWithGlobals<ServeOptions>()
      if (url !== undefined || key !== undefined)
        command.error('error: serve runs a service here, and asks none: give no --url and no --key')
      const { environment, isTerminal } = shell.io
      const level = settings.logLevel.variable
      const isLogged = environment[level] !== undefined || environment[`${level}_FILE`] !== undefined
      await shell.io.serve({
        ...(port !== undefined && overriding(environment, settings.port.variable, port)),
        ...(host !== undefined && overriding(environment, settings.host.variable, host)),
        ...(store !== undefined && overriding(environment, settings.databaseUrl.variable, store)),
        // Who starts it by hand wants to see where it is, and what is wrong.
        ...(isTerminal && !isLogged && { [level]: 'warn' })
      })
    })
}

function readPort(text: string): string {
  const read = settings.port.read(text)
  if ('value' in read) return text
  throw new InvalidArgumentError(`It must be ${read.expected}.`)
}
