import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parseYaml } from '../../../src/domain/json/yaml.ts'
import { startApp } from '../../support/app.ts'
import { repository } from '../../support/repository.ts'

const names = readdirSync(`${repository}/schema`).filter((file) => file.endsWith('.schema.json'))

t.test(
  'each schema is served at its $id, without a key where reads need one, and to pages of any origin',
  async (t) => {
    const app = await startApp(t, { readAccess: 'key', isSeeded: false })
    for (const file of names) {
      const answer = await app.request(`/schema/${file}`)
      t.equal(answer.statusCode, 200, file)
      t.match(answer.headers, {
        'content-type': 'application/schema+json',
        'access-control-allow-origin': '*',
        etag: /^".+"$/
      })
      const { $id, ...schema } = answer.json()
      t.match($id, new RegExp(`^http://[^/]+/schema/${file}$`))
      const { $id: _, ...written } = JSON.parse(readFileSync(`${repository}/schema/${file}`, 'utf8'))
      t.strictSame(schema, written)
      const again = await app.request({
        url: `/schema/${file}`,
        headers: { 'if-none-match': String(answer.headers.etag) }
      })
      t.equal(again.statusCode, 304)
    }
    t.match((await app.request('/schema/document-imput.schema.json')).json(), {
      code: 'not_found',
      detail: /did you mean "document-input"\?/
    })
  }
)

t.test('documents that we ship fit the schema, and begin with the line that names it', async (t) => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const schema = JSON.parse(readFileSync(`${repository}/schema/document-input.schema.json`, 'utf8'))
  const files = readdirSync(`${repository}/catalogues`, { recursive: true, encoding: 'utf8' })
  const documents = files.filter((file) => file.endsWith('.yaml'))
  t.ok(documents.length > 0)
  for (const file of documents) {
    const text = readFileSync(`${repository}/catalogues/${file}`, 'utf8')
    const path = `${'../'.repeat(file.split('/').length)}schema/document-input.schema.json`
    t.ok(text.startsWith(`# yaml-language-server: $schema=${path}\n`), file)
    const read = parseYaml(Buffer.from(text))
    t.ok('value' in read && ajv.validate(schema, read.value), `${file} ${ajv.errorsText()}`)
  }
})

t.test('every field of a document has a description and an example', async (t) => {
  const schema = JSON.parse(readFileSync(`${repository}/schema/document-input.schema.json`, 'utf8'))
  const fields = [...fieldsOf(schema, '', schema.$defs)]
  t.ok(fields.length > 80)
  t.strictSame(
    fields.filter(({ description, examples }) => !description || !examples).map(({ path }) => path),
    []
  )
})

interface Field {
  readonly path: string
  readonly description?: string
  readonly examples?: unknown
}

/** The fields of a schema and of its parts. What only refers to a part has the words of that part. */
function* fieldsOf(node: unknown, path: string, parts: Readonly<Record<string, Field>>): Generator<Field> {
  if (typeof node !== 'object' || node === null) return
  for (const [name, inner] of Object.entries(node)) {
    if (name === 'properties')
      for (const [field, schema] of Object.entries<Field & { readonly $ref?: string }>(inner))
        yield { ...parts[schema.$ref?.replace('#/$defs/', '') ?? ''], ...schema, path: `${path}/${field}` }
    if (name !== 'examples') yield* fieldsOf(inner, `${path}/${name}`, parts)
  }
}
