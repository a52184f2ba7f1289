import { type CommandNode, nodesOf } from './command-tree.ts'

/** A script for fish, which completes commands and options with what they do, and the values that an option has. Other words are files. */
export function fishCompletion(root: CommandNode): string {
  const nodes = nodesOf(root)
  const at = `__${root.name}_at`
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const isHere = path === root.path ? '' : ` -n ${quoted(`${at} ${path}`)}`
    return [
      ...commands.map(
        ({ name, description }) =>
          `complete -c ${root.name} -n ${quoted(`${at} ${path}`)} -f -a ${quoted(name)} -d ${quoted(description)}`
      ),
      ...options.map(({ long, description, takesValue, choices }) => {
        const values = choices ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : ''
        return `complete -c ${root.name}${isHere} -l ${long.slice(2)}${values} -d ${quoted(description)}`
      })
    ]
  })
  return `# Completion of ${root.name} for fish: ${root.name} completion fish | source
function ${at}
  set -l command ${root.name}
  for word in (commandline -opc)[2..]
    if contains -- "$command $word" ${nodes
      .slice(1)
      .map(({ path }) => quoted(path))
      .join(' ')}
      set command "$command $word"
    end
  end
  test "$command" = "$argv"
end
complete -c ${root.name} -s h -l help -d 'display help for command'
${lines.join('\n')}
`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
