import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { documentHash, Operations } from '../../../src/graphql/operation/operation.ts'
import { readDocuments } from '../../../src/graphql/operation/trusted-documents.ts'
import { executableSchema } from '../../../src/graphql/schema.ts'

const folder = new URL('../../../schema/documents', import.meta.url).pathname

t.test(
  'the documents that come with the service are named by the hash of their files, and fit its schema',
  async (t) => {
    const documents = await readDocuments(folder)
    const operations = new Operations(executableSchema(), { allowsIntrospection: false })
    t.strictSame(
      [...documents.keys()].sort(),
      readdirSync(folder)
        .map((name) => documentHash(readFileSync(join(folder, name), 'utf8')))
        .sort()
    )
    for (const text of documents.values()) t.doesNotThrow(() => operations.read(text))
  }
)

t.test('manifests are read, and a wrong one is refused by its name and fault', async (t) => {
  const path = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  const manifest = join(path, 'manifest.json')
  const hash = documentHash('{ __typename }')
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{', /manifest\.json/],
    ['1', /is not an object/],
    [`{"${hash}": 1}`, /has no text under/],
    [`{"${hash}": "{ formats { name } }"}`, /is not the SHA-256 of its text/]
  ]
  for (const [text, message] of wrong) {
    writeFileSync(manifest, text)
    await t.rejects(readDocuments(path), { code: 'invalid_parameter', message })
  }
  writeFileSync(manifest, JSON.stringify({ [`sha256:${hash}`]: '{ __typename }' }))
  t.strictSame([...(await readDocuments(manifest))], [[hash, '{ __typename }']])
})
