import { readFileSync } from 'node:fs'
import t from 'tap'
import { generatedFiles } from '../scripts/generated-files.ts'

t.test('the generated files are those that the code gives', async (t) => {
  for (const [path, text] of await generatedFiles()) {
    t.equal(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), text, `${path}: npm run generate repairs it`)
  }
})
