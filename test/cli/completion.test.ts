import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { portolan, temporary } from './support/portolan.ts'

/** Words of a line that is being typed, and what may stand in place of the last one: some of it, and nothing that is there no longer. */
const lines: readonly (readonly [words: readonly string[], offered: readonly string[], missing: readonly string[]])[] =
  [
    [['portolan', 'li'], ['list'], ['keys', '--url']],
    [
      ['portolan', 'keys', ''],
      ['create', 'list', 'revoke'],
      ['publish', '--reason']
    ],
    [
      ['portolan', 'keys', 'create', '--'],
      ['--scope', '--expires'],
      ['--overlap', 'list']
    ],
    [
      ['portolan', 'show', 'x', '--status', 're'],
      ['retiring', 'retired'],
      ['active', '--json']
    ],
    [['portolan', 'completion', ''], ['--help'], ['list']]
  ]

const missing = (shell: string) => (spawnSync(shell, ['--version']).status === 0 ? false : `${shell} is not installed`)

/** What a shell offers, one word a line. */
const askers: Readonly<Record<string, (script: string, words: readonly string[]) => string>> = {
  bash: (script, words) =>
    runIn(
      'bash',
      `. ${script}; COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}
      _portolan; printf '%s\\n' "\${COMPREPLY[@]}"`
    ),
  // Its completion needs a terminal: here are the two functions that would offer the words on one.
  zsh: (script, words) =>
    runIn(
      'zsh',
      `compdef() {}; compadd() { shift; print -l -- "$@" }
      _describe() { local each; for each in "\${(P@)2}"; do print -r -- "\${each%%:*}"; done }
      _files() { print files }; . ${script}
      words=(${quoted(words)}); CURRENT=${words.length}; _portolan`
    )
      .split('\n')
      .filter((word) => word.startsWith(words.at(-1) ?? ''))
      .join('\n'),
  fish: (script, words) =>
    runIn('fish', `source ${script}; complete -C ${quoted([words.join(' ')])}`).replace(/\t.*/g, '')
}

for (const [shell, ask] of Object.entries(askers))
  t.test(`${shell} completes commands, options and their values`, { skip: missing(shell) }, async (t) => {
    const { code, output, error } = await portolan(['completion', shell])
    t.strictSame([code, error], [0, ''])
    const script = temporary(t, `portolan.${shell}`)
    writeFileSync(script, output)
    for (const [words, offered, others] of lines) {
      const said = ask(script, words).split('\n')
      // Fish offers options only where a hyphen was typed.
      for (const word of offered)
        if (shell !== 'fish' || word !== '--help') t.ok(said.includes(word), `${words.join(' ')}: ${word} of ${said}`)
      for (const word of others) t.notOk(said.includes(word), `${words.join(' ')}: not ${word}`)
    }
  })

t.test('another shell is wrong usage', async (t) => {
  t.match(await portolan(['completion', 'csh']), { code: 2, error: /Allowed choices are bash, zsh, fish/ })
})

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ')
}

function runIn(shell: string, script: string): string {
  const options = shell === 'zsh' ? ['-f'] : shell === 'fish' ? ['--no-config'] : ['--norc']
  const { stdout, stderr, status } = spawnSync(shell, [...options, '-c', script], { encoding: 'utf8' })
  if (status !== 0 || stderr !== '') throw new Error(`${shell} ended with ${status}: ${stderr}`)
  return stdout
}
