import { type CommandNode, nodesOf } from './command-tree.ts'

/** A script for zsh, which completes commands and options with what they do, and the values that an option has. Other words are files. */
export function zshCompletion(root: CommandNode): string {
  const nodes = nodesOf(root)
  const below = nodes.slice(1).map(({ path }) => quoted(path))
  const help = { name: '--help', description: 'display help for command' }
  const global = [...root.options.map(({ long, description }) => ({ name: long, description })), help]
  const words = nodes.map(({ path, commands, options }) => {
    const own = path === root.path ? [] : options.map(({ long, description }) => ({ name: long, description }))
    const all = [...commands, ...own, ...global].map(({ name, description }) =>
      quoted(`${name.replaceAll(':', '\\:')}:${description}`)
    )
    return `    (${quoted(path)}) found=(${all.join(' ')}) ;;`
  })
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ long, choices }) => {
        const place = path === root.path ? `*${quoted(` ${long}`)}` : quoted(`${path} ${long}`)
        return `    (${place}) ${choices ? `compadd -- ${choices.map(quoted).join(' ')}` : '_files'}; return ;;`
      })
  )
  return `#compdef ${root.name}
# Completion of ${root.name} for zsh: source <(${root.name} completion zsh), or save it as _${root.name} in a folder of $fpath
_${root.name}() {
  local command=${root.name} word
  local -a found
  for word in \${words[2,CURRENT-1]}; do
    case "$command $word" in
    (${below.join(' | ')})
      command="$command $word" ;;
    esac
  done
  case "$command \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$command" in
${words.join('\n')}
  esac
  _describe '${root.name}' found || _files
}
if [ "\${funcstack[1]}" = _${root.name} ]; then _${root.name} "$@"; else compdef _${root.name} ${root.name}; fi
`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
