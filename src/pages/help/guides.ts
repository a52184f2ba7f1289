import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The guides are as far up from the compiled files as from the sources. */
const folder = fileURLToPath(new URL('../../../docs/', import.meta.url))

interface GuideText {
  readonly name: string
  readonly title: string
  readonly text: string
}

/** The guides of `docs/`. They are read when somebody first asks for one, with the library that makes HTML of them; each is made once. */
export class Guides {
  #texts: readonly GuideText[] | undefined
  readonly #html = new Map<string, string>()

  /** The names of the guides with their titles, by title. */
  list(): readonly Pick<GuideText, 'name' | 'title'>[] {
    return this.#read()
  }

  /** The title of a guide, and what follows it as HTML; undefined where there is no such guide. */
  async find(name: string): Promise<{ readonly title: string; readonly html: string } | undefined> {
    const found = this.#read().find((guide) => guide.name === name)
    if (!found) return undefined
    const html = this.#html.get(name) ?? (await this.#render(found))
    this.#html.set(name, html)
    return { title: found.title, html }
  }

  async #render({ text }: GuideText): Promise<string> {
    const { guideParser } = await import('./guide-parser.ts')
    return guideParser(this.#read().map(({ name }) => name)).render(text)
  }

  #read(): readonly GuideText[] {
    this.#texts ??= existsSync(folder) ? readGuides() : []
    return this.#texts
  }
}

function readGuides(): readonly GuideText[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const [first = '', ...rest] = readFileSync(folder + file, 'utf8').split('\n')
      return { name: basename(file, '.md'), title: first.replace(/^# /, ''), text: rest.join('\n') }
    })
    .sort((a, b) => (a.title < b.title ? -1 : 1))
}
