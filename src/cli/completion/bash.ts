import { type CommandNode, nodesOf } from './command-tree.ts'

/** A script for bash 4 and newer, which completes commands, options and the values that an option has. Other words are files. */
export function bashCompletion(root: CommandNode): string {
  const nodes = nodesOf(root)
  const below = nodes.slice(1).map(({ path }) => `"${path}"`)
  const global = root.options.map(({ long }) => long)
  const words = nodes.map(({ path, commands, options }) => {
    const own = path === root.path ? [] : options.map(({ long }) => long)
    return `    "${path}") words="${[...commands.map(({ name }) => name), ...own, ...global, '--help'].join(' ')}" ;;`
  })
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ long, choices = [] }) => {
        const place = path === root.path ? `*" ${long}"` : `"${path} ${long}"`
        return `    ${place}) words="${choices.join(' ')}"; isValue=1 ;;`
      })
  )
  return `# Completion of ${root.name} for bash: eval "$(${root.name} completion bash)"
_${root.name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command=${root.name} word words= isValue=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$command $word" in
    ${below.join(' | ')})
      command="$command $word" ;;
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  [ -n "$isValue" ] || case "$command" in
${words.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _${root.name} ${root.name}
`
}
