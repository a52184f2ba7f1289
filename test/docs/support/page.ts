/** A fenced block of a page in Markdown. */
export interface Block {
  readonly language: string
  /** Why it is not run, of the comment on the line before it. */
  readonly mark?: string
  readonly text: string
  /** The line of its fence, from 1. */
  readonly line: number
}

/** A command of a block, and what the page prints under it; a script prints nothing that a page shows. */
export interface Step {
  readonly command: string
  readonly line: number
  readonly printed?: string
}

/** The fenced blocks of a page, in their order. */
export function blocksIn(page: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = page.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const { indent, language } = /^(?<indent> *)```(?<language>\w*)$/.exec(lines[index] ?? '')?.groups ?? {}
    if (indent === undefined || language === undefined) continue
    const end = lines.indexOf(`${indent}\`\`\``, index + 1)
    const mark = /^ *<!-- not run: (.*) -->$/.exec(lines[index - 1] ?? '')?.[1]
    const text = lines
      .slice(index + 1, end)
      .map((each) => each.slice(indent.length))
      .join('\n')
    blocks.push({ language, text, line: index + 1, ...(mark !== undefined && { mark }) })
    index = end
  }
  return blocks
}

/** Whether a block is run; the others are data, or are marked. */
export function isRun({ language, mark }: Block): boolean {
  return mark === undefined && ['console', 'ts', 'js'].includes(language)
}

/** The commands of a block, which begin with `$ ` and go on after a line that ends with a backslash or a pipe. */
export function stepsIn({ text, line }: Block): readonly Step[] {
  const steps: { command: string; line: number; printed: string; isOpen: boolean }[] = []
  for (const [index, each] of text.split('\n').entries()) {
    const last = steps.at(-1)
    if (last?.isOpen) last.command += `\n${each}`
    else if (each.startsWith('$ '))
      steps.push({ command: each.slice(2), line: line + index + 1, printed: '', isOpen: true })
    else if (last) last.printed += `${each}\n`
    else throw new Error(`line ${line}: the block does not begin with a command`)
    const open = steps.at(-1)
    if (open?.isOpen) open.isOpen = /[\\|]$/.test(each)
  }
  return steps
}
