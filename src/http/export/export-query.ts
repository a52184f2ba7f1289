import Type, { type Static } from 'typebox'
import type { Export } from '../../catalogue/export/export.ts'
import { requireFormat } from '../../catalogue/export/export.ts'
import { deviceNames } from '../../domain/export/device-limit.ts'
import { readExportRequest, readWindow } from '../../domain/export/export-request.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { clockFields, filterFields, statusField } from '../request/query.ts'
import { strict, words } from '../schema/schema-words.ts'

const optionalText = (description: string, maxLength: number, examples: readonly string[]) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description, examples: [...examples] }))

export const ExportQuerySchema = Type.Object(
  {
    ...clockFields,
    ...filterFields,
    status: statusField('active and retiring, what holds now'),
    slice: optionalText(
      'The slice that a list is for, from `/slices`; `all` joins all of them, and says so in the report',
      100,
      ['out-tcp-80', 'all']
    ),
    part: optionalText('One file out of an export of several; without it they are one tar archive', 200, ['v4']),
    mode: optionalText('A variant of the format, see `/v1/formats`', 50, ['sets']),
    aggregate: optionalText(
      '`exact`: the fewest CIDRs that cover exactly the same addresses; `none`; `budget:N`: at most N in each slice, opening as few other addresses as it can find',
      20,
      ['exact', 'none', 'budget:100']
    ),
    maxExtra: optionalText('The most addresses that `aggregate=budget:N` may open beyond the catalogue', 40, ['256']),
    empty: Type.Optional(
      Type.Unsafe<'placeholder' | 'none'>({
        ...words(['placeholder', 'none']),
        description:
          'What a list without entries has: an inert entry (`192.0.2.1`, `placeholder.invalid`), or nothing. The default is what its readers need to let go of retired entries',
        examples: ['placeholder']
      })
    ),
    lead: optionalText('Also what becomes active within this time, days and hours only', 20, ['P7D']),
    lag: optionalText('Also what retired within this time, days and hours only', 20, ['P1D', 'PT12H']),
    limits: Type.Optional(
      Type.Unsafe<string>({
        ...words(deviceNames),
        description: 'Refuse what is more than this device takes',
        examples: ['panos']
      })
    )
  },
  strict
)
export type ExportQuery = Static<typeof ExportQuerySchema>

/** @throws PortolanError `not_found`, `invalid_parameter` */
export function exportOf(format: string, query: ExportQuery): Export {
  return {
    format: requireFormat(format),
    filter: filterOf(query),
    window: readWindow(query),
    request: readExportRequest(query)
  }
}
