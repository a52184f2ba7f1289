import { Ajv, type ErrorObject } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { type ErrorCode, type Fault, PortolanError } from '../../domain/errors.ts'
import { readInput } from '../../domain/json/input.ts'
import { pointerTo } from '../../domain/json/pointer.ts'

/** Validates bodies as every outlet does. Text in a URL is converted to the type of its schema. Unknown names are faults in both. */
export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const texts = new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    useDefaults: true,
    coerceTypes: 'array'
  })
  return ({ schema, httpPart, method }) => {
    if (httpPart === 'body') return (value: unknown) => ({ value: readInput(schema, value) })
    const validate = texts.compile(schema)
    return (data: unknown) => {
      if (validate(data)) return { value: data }
      // Nothing can exist under an invalid name. Only PUT, which creates a thing, explains what a valid name is.
      if (httpPart === 'params' && method !== 'PUT')
        return { error: new PortolanError('not_found', 'There is nothing with that name.') }
      return { error: refusal(validate.errors ?? []) }
    }
  }
}

function refusal(errors: readonly ErrorObject[]): PortolanError {
  const faults = errors
    .filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if')
    .slice(0, 100)
    .map(faultOf)
  const code: ErrorCode = faults.some((fault) => fault.code === 'unknown_parameter')
    ? 'unknown_parameter'
    : faults.every((fault) => fault.code === 'missing_parameter') && faults.length > 0
      ? 'missing_parameter'
      : 'invalid_parameter'
  const first = faults.find((fault) => fault.code === code) ?? faults[0]
  return new PortolanError(code, first ? `${first.pointer.slice(1)} ${first.detail}.` : 'A parameter is not valid.', {
    faults
  })
}

function faultOf({ keyword, instancePath, params, message = 'is not valid' }: ErrorObject): Fault {
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: instancePath + pointerTo(String(params.additionalProperty)),
        code: 'unknown_parameter',
        detail: 'is not a parameter of this operation'
      }
    case 'required':
      return {
        pointer: instancePath + pointerTo(String(params.missingProperty)),
        code: 'missing_parameter',
        detail: 'is required'
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
