import { type ErrorCode, errorTitles, type Fault, type PortolanError } from '../domain/errors.ts'

/** An error as RFC 9457 writes it. Where no HTTP is spoken there is neither a status nor an instance. */
export interface ProblemJson {
  readonly type: string
  readonly title: string
  readonly status?: number
  readonly detail: string
  readonly instance?: string
  readonly code: ErrorCode
  readonly errors?: readonly Fault[]
}

/** What every outlet says of an error; `extra` of the error stands beside the members of the RFC. */
export function problemJson<Http extends Pick<ProblemJson, 'status' | 'instance'>>(
  { code, message, faults, extra }: PortolanError,
  { status, instance }: Http
): ProblemJson & Http {
  const problem: ProblemJson = {
    type: `/problems/${code}`,
    title: errorTitles[code],
    ...(status !== undefined && { status }),
    detail: message,
    ...(instance !== undefined && { instance }),
    code,
    ...(faults.length > 0 && { errors: faults }),
    ...extra
  }
  // Status and instance are there exactly where they were given.
  return problem as ProblemJson & Http
}
