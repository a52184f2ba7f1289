import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'graphql'
import t from 'tap'
import { parseDocument } from 'yaml'
import { repository } from '../support/repository.ts'
import { blocksIn, isRun } from './support/page.ts'

/** The one way to mark a block that is not run is `<!-- not run: KIND -->` on the line before it. This is what a block of each kind has. */
const kinds: Readonly<Record<string, RegExp>> = {
  // Commands of another program, for a device or an account of the reader.
  device: /^\$ (?:aws|az) |googleapis\.com/m,
  // Printed under a clock that docs/events.md sets, where the same commands are run.
  clock: /^\$ curl .*\/v1\/events/m
}

/** What is printed, and not asked for. */
const data: Readonly<Record<string, (text: string) => unknown>> = {
  graphql: (text) => parse(text),
  http: () => undefined,
  json: (text) => JSON.parse(text),
  text: () => undefined,
  yaml: (text) => parseDocument(text).toJS()
}

const docs = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md'))

t.test('each block of a page is run, is data that can be read, or says why it is not run', async (t) => {
  for (const page of ['README.md', ...docs.map((name) => `docs/${name}`)]) {
    const blocks = blocksIn(readFileSync(join(repository, page), 'utf8'))
    for (const { language, mark, text, line, ...rest } of blocks) {
      const place = `${page}:${line}`
      if (mark !== undefined) t.match(text, kinds[mark] ?? /^$/, `${place}: a block of the kind ${mark}`)
      else if (!isRun({ language, text, line, ...rest })) {
        const read = data[language]
        t.ok(read, `${place}: a block without a language is neither run nor data`)
        t.doesNotThrow(() => read?.(text), place)
      }
    }
    const name = page
      .replace(/^docs\//, '')
      .replace(/\.md$/, '')
      .toLowerCase()
    if (blocks.some(isRun)) t.ok(existsSync(join(repository, `test/docs/${name}.test.ts`)), `${page} has its test`)
  }
})
