import { Argument, type Command } from 'commander'
import { bashCompletion } from '../completion/bash.ts'
import { type CommandNode, commandTree } from '../completion/command-tree.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import type { Shell } from '../shell/shell.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Readonly<
  Record<string, (root: CommandNode) => string>
>

/** Registers `completion`, whose scripts are made of the commands themselves. */
export function completionCommand(program: Command, shell: Shell): void {
  program
    .command('completion')
    .description('Prints a script that completes commands, options and their values in a shell.')
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      '\nExamples:\n  $ portolan completion bash > /etc/bash_completion.d/portolan\n  $ portolan completion zsh > /usr/share/zsh/site-functions/_portolan\n  $ portolan completion fish > ~/.config/fish/completions/portolan.fish'
    )
    .action((name: keyof typeof scripts) => shell.print(scripts[name](commandTree(program)).trimEnd()))
}
