import { Ajv, type ErrorObject } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { type ErrorCode, type Fault, PortolanError } from '../../domain/errors.ts'

/** Bodies are taken as they are; what comes as text in a URL is read as what its schema says. Unknown names are faults in both. */
export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const options = { allErrors: true, strict: false, validateFormats: false, useDefaults: true } as const
  const bodies = new Ajv(options)
  const texts = new Ajv({ ...options, coerceTypes: 'array' })
  return ({ schema, httpPart, method }) => {
    const validate = (httpPart === 'body' ? bodies : texts).compile(schema)
    return (data: unknown) => {
      if (validate(data)) return { value: data }
      // What cannot be the name of a thing names nothing that is there; only who makes it is told what a name looks like.
      if (httpPart === 'params' && method !== 'PUT')
        return { error: new PortolanError('not_found', 'There is nothing of that name.') }
      return { error: refusal(validate.errors ?? [], httpPart ?? 'body') }
    }
  }
}

function refusal(errors: readonly ErrorObject[], part: string): PortolanError {
  const faults = errors
    .filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if')
    .slice(0, 100)
    .map(faultOf)
  if (part === 'body') return new PortolanError('invalid_body', 'The body has faults.', { faults })
  const code: ErrorCode = faults.some((fault) => fault.code === 'unknown_parameter')
    ? 'unknown_parameter'
    : faults.every((fault) => fault.code === 'missing_parameter') && faults.length > 0
      ? 'missing_parameter'
      : 'invalid_parameter'
  const told = faults.find((fault) => fault.code === code) ?? faults[0]
  return new PortolanError(code, told ? `${told.pointer.slice(1)} ${told.detail}.` : 'A parameter is not valid.', {
    faults
  })
}

function faultOf({ keyword, instancePath, params, message = 'is not valid' }: ErrorObject): Fault {
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: `${instancePath}/${escaped(params.additionalProperty)}`,
        code: 'unknown_parameter',
        detail: 'is not known here'
      }
    case 'required':
      return {
        pointer: `${instancePath}/${escaped(params.missingProperty)}`,
        code: 'missing_parameter',
        detail: 'is needed'
      }
    case 'enum':
      return {
        pointer: instancePath,
        code: 'invalid_parameter',
        detail: `must be one of ${[params.allowedValues].flat().join(', ')}`
      }
    case 'const':
      return { pointer: instancePath, code: 'invalid_parameter', detail: `must be ${String(params.allowedValue)}` }
    default:
      return { pointer: instancePath, code: 'invalid_parameter', detail: message }
  }
}

function escaped(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1')
}
