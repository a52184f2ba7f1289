import type { Command, Option } from 'commander'

/** A command as completions and the manual page tell of it. */
export interface CommandNode {
  /** The words that call it: `portolan keys list`. */
  readonly path: string
  readonly name: string
  readonly description: string
  readonly options: readonly OptionNode[]
  readonly commands: readonly CommandNode[]
}

interface OptionNode {
  /** `--scope` */
  readonly long: string
  readonly description: string
  readonly takesValue: boolean
  /** Absent: any value. */
  readonly choices?: readonly string[]
}

/** The commands below one, with the options of each; those of the program count for all of them. */
export function commandTree(command: Command, above = ''): CommandNode {
  const path = `${above} ${command.name()}`.trim()
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: command.options.map(optionNode),
    commands: command.commands.map((each) => commandTree(each, path))
  }
}

/** A command and all below it, in the order of the help. */
export function nodesOf(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(nodesOf)]
}

function optionNode({ long, flags, description, argChoices, required, optional }: Option): OptionNode {
  return {
    long: long ?? flags,
    description,
    takesValue: required || optional,
    ...(argChoices && { choices: argChoices })
  }
}
