import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { generatedFiles } from '../scripts/generated-files.ts'
import { repository } from './support/repository.ts'

t.test('the generated files are those that the code gives', async (t) => {
  for (const [path, text] of await generatedFiles()) {
    t.equal(readFileSync(join(repository, path), 'utf8'), text, `${path}: npm run generate repairs it`)
  }
})
