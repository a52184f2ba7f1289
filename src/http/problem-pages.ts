import Type from 'typebox'
import { type ErrorCode, errorTitles, PortolanError } from '../domain/errors.ts'
import { statusOf } from './problem.ts'
import { problems } from './schemas.ts'
import type { App } from './type-provider.ts'

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorTitles, code)

/** Where the `type` of a problem leads. */
export function problemRoutes(app: App): void {
  app.get(
    '/problems/:code',
    {
      schema: {
        operationId: 'getProblemType',
        summary: 'What an error code means',
        tags: ['service'],
        security: [],
        params: Type.Object(
          { code: Type.String({ description: 'The `code` of a problem' }) },
          { additionalProperties: false }
        ),
        response: {
          200: Type.Object(
            { code: Type.String(), title: Type.String(), status: Type.Integer() },
            { additionalProperties: false, title: 'ProblemType' }
          ),
          ...problems('not_found')
        }
      }
    },
    async ({ params: { code } }, reply) => {
      if (!isCode(code)) throw new PortolanError('not_found', `There is no error code ${code}.`)
      return reply
        .header('cache-control', 'max-age=3600')
        .send({ code, title: errorTitles[code], status: statusOf[code] })
    }
  )
}
