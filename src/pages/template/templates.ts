import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta/core'
import { shortHash } from '../../domain/read/etag.ts'
import { packageVersion } from '../../package-version.ts'
import type { Assets } from '../asset/assets.ts'

const folder = fileURLToPath(new URL('../', import.meta.url))

/** All templates of `src/pages/`, read and compiled once. A template is known by the name of its file: `@layout` is `layout.eta`. */
export class Templates {
  readonly #eta = new Eta({ autoTrim: [false, 'nl'] })
  /** Differs where another release lays pages out in another way. */
  readonly release: string

  constructor(assets: Assets) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eta'))
    const texts = files.sort().map((file) => {
      const text = readFileSync(`${folder}${file}`, 'utf8')
      this.#eta.loadTemplate(`@${basename(file, '.eta')}`, text)
      return text
    })
    const loaded = Object.values(assets).map(({ path }) => path)
    this.release = shortHash([packageVersion(), ...loaded, ...texts].join('\n'))
  }

  /** The text of a template with its values. `<%=` escapes each of them. */
  render(name: `@${string}`, values: object): string {
    return this.#eta.render(name, values)
  }
}
