import { Readable } from 'node:stream'
import type { Command } from 'commander'
import { programOf } from '../src/cli/run.ts'
import { Shell } from '../src/cli/shell/shell.ts'
import { clientOptions } from '../src/config/client-options.ts'
import { options, optionsIn } from '../src/config/options.ts'
import { packageVersion } from '../src/package-version.ts'

/** The manual page, man/portolan.1, in the macros of man(7): what --help prints of every command, and the variables. */
export function manualPage(): string {
  let printed = ''
  const output = (content: string | Uint8Array) => {
    printed += content
  }
  const io = {
    input: Readable.from([]),
    isColoured: false,
    isTerminal: false,
    isErrorTerminal: false,
    now: () => 0,
    error: () => {}
  }
  const program = programOf(new Shell({ ...io, environment: {}, output, serve: async () => {} }))
  /** What the help has after its lists. */
  const more = (command: Command) => {
    printed = ''
    command.outputHelp()
    return printed.slice(command.helpInformation().length).trim()
  }
  const page = [
    '.\\" Written by npm run generate of the help of the commands.',
    `.TH PORTOLAN 1 "" "portolan ${packageVersion()}" "Portolan"`,
    '.SH NAME',
    text(`portolan - ${program.description().replace(/^The/, 'the').replace(/\.$/, '')}`),
    '.SH SYNOPSIS',
    '.B portolan',
    text('[options] command [arguments]'),
    '.SH OPTIONS',
    ...optionLines(program),
    '.SH COMMANDS',
    ...leaves(program).flatMap((command) => [
      `.SS ${quoted(usageOf(command))}`,
      text(command.description()),
      ...command.registeredArguments
        .filter(({ description }) => description !== '')
        .flatMap((argument) => item(argument.name(), argument.description)),
      ...optionLines(command),
      ...(more(command) === '' ? [] : ['.PP', '.nf', text(more(command)), '.fi'])
    ]),
    '.SH EXIT STATUS',
    text(more(program).replace(/^Exit codes: /, '')),
    '.SH ENVIRONMENT',
    text('Each variable may be read from a file that the variable with _FILE at its end names.'),
    ...[...optionsIn(clientOptions), ...optionsIn(options)].flatMap(({ variable, fallback, meaning }) =>
      item(variable, `${plain(meaning)}${fallback === '' ? '' : ` (default: ${fallback})`}`)
    )
  ]
  return `${page.join('\n')}\n`
}

/** The commands that do something, in the order of the help. */
function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => (each.commands.length === 0 ? [each] : leaves(each)))
}

function usageOf(command: Command): string {
  const above = (each: Command): string => (each.parent ? `${above(each.parent)} ${each.name()}` : each.name())
  return `${above(command)} ${command.usage()}`
}

function optionLines(command: Command): readonly string[] {
  const help = command.createHelp()
  return command.options.flatMap((option) => item(help.optionTerm(option), help.optionDescription(option)))
}

function item(term: string, description: string): readonly string[] {
  return ['.TP', `.B ${text(term)}`, text(description)]
}

/** Without the marks of Markdown. */
function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '')
}

/** Text of man(7): no character of it is a request, and a hyphen is one that can be copied. */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')
}

function quoted(words: string): string {
  return `"${text(words).replaceAll('"', '\\(dq')}"`
}
