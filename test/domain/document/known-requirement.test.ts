import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { knownOf } from '../../../src/domain/document/known-requirement.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryEdit } from './support/arbitrary-document.ts'

const asWritten = (document: object): unknown => JSON.parse(JSON.stringify(document))

t.test('a document is read the same whether some of its requirements are known or not', async (t) => {
  fc.assert(
    fc.property(arbitraryEdit, ([before, after]) => {
      const input = asWritten(after)
      t.equal(JSON.stringify(parseDocument(input, { known: knownOf(before) })), JSON.stringify(parseDocument(input)))
    }),
    { numRuns: runs(200) }
  )
})

t.test('what is known is taken as it is', async (t) => {
  const head = headOf()
  const parsed = parseDocument(asWritten(head), { known: knownOf(head) })
  t.ok('document' in parsed && parsed.document.requirements.every((each, index) => each === head.requirements[index]))
})

t.test('what is known has faults all the same where the rest of the document lacks what it names', async (t) => {
  const head = headOf()
  const { components: _, variables: __, ...rest } = head
  const without = (change: Partial<Document>) => asWritten({ ...rest, ...change })
  for (const input of [
    without({ components: head.components ?? [] }),
    without({ variables: head.variables ?? [] }),
    without({
      components: head.components ?? [],
      variables: head.variables ?? [],
      requirements: head.requirements.slice(1)
    })
  ]) {
    const parsed = parseDocument(input, { known: knownOf(head) })
    t.ok('faults' in parsed && parsed.faults.length > 0)
    t.strictSame(parsed, parseDocument(input))
  }
})

function headOf(): Document {
  const fields = {
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [{ transport: 'tcp', ports: [443] }]
  }
  const parsed = parseDocument({
    id: 'gateway',
    title: 'Gateway',
    vendor: 'Example',
    product: 'Gateway',
    version: '1',
    edition: { label: '1', summary: 'The first edition' },
    components: [{ key: 'agent', title: 'Agent' }],
    variables: [{ key: 'tenant', title: 'Tenant' }],
    requirements: [
      { key: 'names', title: 'Names', ...fields, endpoints: [{ kind: 'host', value: 'a.example.com' }] },
      {
        key: 'addresses',
        title: 'Addresses',
        ...fields,
        component: 'agent',
        endpoints: [
          { kind: 'address', value: '192.0.2.1', serves: ['a.example.com'], replacedBy: ['a.example.com'] },
          { kind: 'pattern', value: '<tenant>.example.com' }
        ]
      }
    ]
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}
