/** The columns of our own CSV and XLSX. Their order is part of the contract: new ones come at the end. */
export const csvColumns = [
  'requirement',
  'title',
  'scope',
  'direction',
  'necessity',
  'transport',
  'portFrom',
  'portTo',
  'application',
  'kind',
  'value',
  'status',
  'from',
  'until',
  'serves',
  'replacedBy',
  'remarks',
  'endpointTitle',
  'url',
  'sourcePorts',
  'icmp',
  'condition',
  'requirementRemarks',
  'httpProxy',
  'tlsInspection',
  'tags',
  'owner',
  'externalIds',
  'references',
  'inferred',
  'select',
  'component',
  'endpointTags',
  'basis',
  'feed'
] as const

/** The columns of a site: which catalogue a row is of, and what the site says of it. */
export const siteCsvColumns = ['catalogue', ...csvColumns, 'role', 'origin', 'source'] as const
export type CsvColumn = (typeof csvColumns)[number]
