import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('trees/', import.meta.url))

/**
 * What pages say to who does not see them: their accessible trees, as Playwright writes them, in committed files. A difference is to be read:
 * a heading, a name or a role that went is what a screen reader no longer says.
 */
export class TreeKeeper {
  readonly #isWriting: boolean
  readonly #withoutChance: (text: string) => string

  constructor(options: { readonly isWriting: boolean; readonly withoutChance: (text: string) => string }) {
    this.#isWriting = options.isWriting
    this.#withoutChance = options.withoutChance
  }

  /** @returns what is wrong: the first line that differs. */
  compare(name: string, tree: string): readonly string[] {
    const file = `${folder}${name}.txt`
    const found = `${this.#withoutChance(tree)}\n`
    if (this.#isWriting) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, found)
      return []
    }
    const kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (found === kept) return []
    const [lines, before] = [found.split('\n'), kept.split('\n')]
    const at = lines.findIndex((line, index) => line !== before[index])
    return [
      `trees/${name}.txt:${at + 1}: ${JSON.stringify(lines[at] ?? '')}, and was ${JSON.stringify(before[at] ?? '')}; --write-trees takes it over`
    ]
  }
}
