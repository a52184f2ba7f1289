import Type from 'typebox'
import type { SetQuery } from '../../catalogue/shape/shaped.ts'
import { PortolanError } from '../../domain/errors.ts'
import { filterOf, type WrittenFilter } from '../../domain/view/written-filter.ts'
import { asOfFields, clockFields, filterFields } from '../request/query.ts'
import { closed } from '../schema/schema-words.ts'

const flag = (description: string) =>
  Type.Optional(
    Type.String({ maxLength: 10, description: `${description}: \`true\` or \`false\``, examples: ['true'] })
  )
const format = (words: string) =>
  Type.Optional(Type.String({ maxLength: 10, description: `${words}, in any case. Default: JSON`, examples: ['JSON'] }))

const clientField = {
  clientrequestid: Type.String({
    pattern: '^\\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\}?$',
    maxLength: 38,
    description: 'A GUID that the script has made for itself once. It changes nothing in the answer',
    examples: ['b10c5ed1-bad1-445f-b386-b919946339a7']
  })
}
const setFields = {
  NoIPv6: flag('Leaves out IPv6 addresses'),
  ServiceAreas: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Service areas in any case, joined by commas; `Common` is always part of them. Default: all',
      examples: ['Exchange,SharePoint']
    })
  ),
  TenantName: Type.Optional(
    Type.String({
      maxLength: 63,
      description: 'Stands in place of the variable `tenant` of patterns; without it, they have an asterisk there',
      examples: ['contoso']
    })
  )
}
const { status: _, ...changeFilterFields } = filterFields

export const VersionQuerySchema = Type.Object(
  {
    ...clientField,
    ...asOfFields,
    AllVersions: flag('Adds all versions, the newest first'),
    Format: format('`JSON`, `CSV` or `RSS`')
  },
  closed
)
export const SetQuerySchema = Type.Object(
  { ...clientField, ...clockFields, ...filterFields, ...setFields, Format: format('`JSON` or `CSV`') },
  closed
)
export const SetChangeQuerySchema = Type.Object(
  { ...clientField, ...asOfFields, ...changeFilterFields, ...setFields },
  closed
)

interface WrittenChoice extends WrittenFilter {
  readonly NoIPv6?: string
  readonly ServiceAreas?: string
  readonly TenantName?: string
}

/** @throws PortolanError `invalid_parameter` */
export function setQueryOf(query: WrittenChoice): Omit<SetQuery, 'format'> {
  const { NoIPv6, ServiceAreas, TenantName: tenant = '' } = query
  if (!/^[a-z0-9-]*$/i.test(tenant))
    throw new PortolanError('invalid_parameter', 'TenantName may have letters, digits and hyphens.')
  const areas = (ServiceAreas ?? '')
    .split(',')
    .map((area) => area.trim().toLowerCase())
    .filter((area) => area !== '')
  return {
    filter: filterOf(query),
    choice: {
      isWithoutIpv6: isTrue('NoIPv6', NoIPv6),
      ...(areas.length > 0 && { areas }),
      ...(tenant !== '' && { tenant: tenant.toLowerCase() })
    }
  }
}

/** @throws PortolanError `invalid_parameter` */
export function isTrue(name: string, text = ''): boolean {
  const word = text.toLowerCase()
  if (word !== '' && word !== 'true' && word !== 'false')
    throw new PortolanError('invalid_parameter', `${name}=${text} must be true or false.`)
  return word === 'true'
}

/** The format that is asked for, in lower case. @throws PortolanError `invalid_parameter` */
export function shapeFormatOf<const Word extends string>(
  words: readonly ['json', ...Word[]],
  text = ''
): 'json' | Word {
  const found = text === '' ? 'json' : words.find((word) => word === text.toLowerCase())
  if (found !== undefined) return found
  throw new PortolanError('invalid_parameter', `Format=${text} must be one of ${words.join(', ')}.`)
}
