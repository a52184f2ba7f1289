import type { Command } from 'commander'
import type { Shell } from '../shell/shell.ts'

/** Registers `serve`. The service is a program of its own, which the process brings. */
export function serveCommand(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description('Runs the service, with settings that are variables of the environment.')
    .addHelpText('after', '\nExample:\n  $ PORTOLAN_PORT=8081 portolan serve')
    .action(async (_, command: Command) => {
      const { url, key, store } = command.optsWithGlobals<{ readonly [name in 'url' | 'key' | 'store']?: string }>()
      if (url !== undefined || key !== undefined)
        command.error('error: serve runs a service here, and asks none: give no --url and no --key')
      if (store !== undefined) command.error('error: serve takes no --store: set PORTOLAN_DATABASE_URL')
      await shell.io.serve()
    })
}
