import { type ErrorCode, errorTitles, type Fault, type PortolanError } from '../domain/errors.ts'

/** An error in the form of RFC 9457. Outside of HTTP it has neither a status nor an instance. */
export interface ProblemJson {
  readonly type: string
  readonly title: string
  readonly status?: number
  readonly detail: string
  readonly instance?: string
  readonly code: ErrorCode
  readonly errors?: readonly Fault[]
}

/** An error as every outlet answers it. `path` is that of the base of links. The members of its `extra` are beside those of the RFC. */
export function problemJson<Http extends Pick<ProblemJson, 'status' | 'instance'>>(
  { code, message, faults, extra }: PortolanError,
  { status, instance }: Http,
  path = ''
): ProblemJson & Http {
  const problem: ProblemJson = {
    type: `${path}/problems/${code}`,
    title: errorTitles[code],
    ...(status !== undefined && { status }),
    detail: message,
    ...(instance !== undefined && { instance }),
    code,
    ...(faults.length > 0 && { errors: faults }),
    ...extra
  }
  // The problem has a status and an instance exactly if they were given.
  return problem as ProblemJson & Http
}
