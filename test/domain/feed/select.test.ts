import t from 'tap'
import { isSelected, keptValues, type SelectField } from '../../../src/domain/feed/select.ts'
import { address, documentOf, requirement } from '../document/support/sample.ts'

const fields: readonly SelectField[] = [
  { name: 'service', kept: { externalId: 'aws-service' } },
  { name: 'region', kept: { tag: 'region-' } },
  { name: 'network_border_group', kept: { endpointTag: 'border-group-', otherwise: 'region' } },
  { name: 'id', kept: { key: true } }
]

const [row] = documentOf([
  {
    ...requirement('s3.eu-west-1', [address('192.0.2.1', { tags: ['border-group-lon'] }), address('192.0.2.2')]),
    externalIds: { 'aws-service': 'S3' },
    tags: ['region-eu-west-1', 'service-s3']
  }
]).requirements
if (!row) throw new Error('the document has a requirement')
const { endpoints, ...found } = row

function selects(select: Readonly<Record<string, readonly string[]>>, place = 0): boolean {
  const endpoint = endpoints[place]
  if (!endpoint) throw new Error('the requirement has two endpoints')
  return isSelected(select, (field) => keptValues(fields, field, found, endpoint))
}

t.test('values of a field are OR, fields are AND, and case does not count', async (t) => {
  t.ok(selects({ service: ['cloudfront', 's3'] }))
  t.ok(selects({ service: ['S3'], region: ['EU-WEST-1'], id: ['s3.eu-west-1'] }))
  t.notOk(selects({ service: ['S3'], region: ['eu-west-2'] }))
  t.notOk(selects({ service: ['S'] }))
})

t.test('a star at the end of a value takes what begins so', async (t) => {
  t.ok(selects({ region: ['eu-*'] }))
  t.ok(selects({ region: ['*'] }))
  t.notOk(selects({ region: ['us-*'] }))
})

t.test('a row without a tag of its own has the value of another field', async (t) => {
  t.ok(selects({ network_border_group: ['lon'] }, 0))
  t.notOk(selects({ network_border_group: ['eu-west-1'] }, 0))
  t.ok(selects({ network_border_group: ['eu-west-1'] }, 1))
})

t.test('what has no value in a field is not selected by it', async (t) => {
  t.notOk(selects({ continent: ['*'] }))
})
