/**
 * The codes of all expected failures, with their titles. `http/schema/problem.ts` gives each code its status, and the command line its
 * exit code.
 */
export const errorTitles = {
  unknown_parameter: 'Unknown query parameter',
  invalid_parameter: 'Invalid parameter',
  missing_parameter: 'Missing parameter',
  invalid_instant: 'Not an instant with an offset',
  time_out_of_range: 'Outside the history of the catalogue',
  unknown_revision: 'No such revision',
  unknown_tag: 'The ETag names nothing of this catalogue',
  cursor_invalid: 'Not a cursor of this service',
  cursor_mismatch: 'The cursor belongs to another query',
  epoch_changed: 'The place belongs to another store',
  malformed_body: 'The body cannot be read',
  invalid_body: 'The body has faults',
  body_too_large: 'The body is too large',
  unsupported_media_type: 'Unsupported media type',
  slice_required: 'The format needs one slice',
  unknown_slice: 'No such slice',
  budget_exceeded: 'The budget would open too much',
  limit_exceeded: 'More than the device takes',
  role_unbound: 'The site leaves roles or variables unbound',
  not_timed: 'The format has no rules that keep dates',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  bad_host: 'Host is not one host',
  misdirected: 'The service does not answer for this host',
  expectation_failed: 'The expectation cannot be met',
  unauthorized: 'A valid key is needed',
  cross_site: 'Another site may not write',
  insufficient_scope: 'The key lacks a scope',
  address_not_allowed: 'The key may not be used from there',
  precondition_required: 'A precondition is needed',
  precondition_failed: 'The precondition does not hold',
  invalid_document: 'The document has faults',
  invalid_source: 'The list has faults',
  guard_rail: 'A guard rail refuses the document',
  idempotency_key_reused: 'The idempotency key stands for another request',
  conflict: 'Too many publishers at once',
  graphql_parse_failed: 'The document cannot be read',
  graphql_validation_failed: 'The document does not fit the schema',
  invalid_variables: 'The variables do not fit the operation',
  unknown_operation: 'No such operation',
  unknown_document: 'No such trusted document',
  operation_too_large: 'The operation is too large',
  too_complex: 'The text of the operation is too long',
  too_expensive: 'The operation asks for too much',
  not_acceptable: 'No such representation',
  egress_refused: 'Nothing may be sent to that receiver',
  wrong_state: 'Not possible in this state',
  request_timeout: 'The request took too long',
  rate_limited: 'Too many requests',
  behind: 'This process does not know that event yet',
  busy: 'The service has too much to do',
  deadline_exceeded: 'The answer took too long',
  storage_full: 'The store is full',
  store_damaged: 'The store does not hold what was written',
  wrong_schema: 'The store has the tables of another version',
  wrong_secret_key: 'The store was sealed with another key',
  not_ready: 'The service is not ready',
  internal: 'Internal error'
} as const

export type ErrorCode = keyof typeof errorTitles

/** A place in a text, for people and their editors: both numbers count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One fault of an input: `pointer` is an RFC 6901 JSON Pointer into what was sent, and the place is there where that was a text. */
export interface Fault extends Partial<Place> {
  readonly pointer: string
  /** Of a workbook, in place of line and column: its sheet and cell, such as `Sheet1!C14`. */
  readonly cell?: string
  readonly code: string
  readonly detail: string
}

/**
 * A fault in a line. `file`: what was sent, so that the line begins as editors and terminals know a place: `catalogue.yaml:61:16:`. Without it
 * the place is in words.
 */
export function faultText({ pointer, detail, line, column, cell }: Fault, file?: string): string {
  const said = pointer === '' ? detail : `${pointer}: ${detail}`
  if (cell !== undefined) return file === undefined ? `  ${cell}: ${said}` : `${file}:${cell}: ${said}`
  if (line === undefined) return `  ${said}`
  return file === undefined ? `  line ${line}, column ${column}: ${said}` : `${file}:${line}:${column}: ${said}`
}

/** An expected failure. `detail` says what is wrong, where, and what would be right. `extra` becomes members of the problem. */
export class PortolanError extends Error {
  readonly code: ErrorCode
  readonly faults: readonly Fault[]
  readonly extra: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    detail: string,
    { faults = [], extra = {} }: { faults?: readonly Fault[]; extra?: Readonly<Record<string, unknown>> } = {}
  ) {
    super(detail)
    this.name = 'PortolanError'
    this.code = code
    this.faults = faults
    this.extra = extra
  }
}
