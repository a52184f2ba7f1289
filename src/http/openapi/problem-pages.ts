import Type from 'typebox'
import { errorGuide } from '../../domain/error-guide/error-guide.ts'
import { type ErrorCode, errorTitles, PortolanError } from '../../domain/errors.ts'
import { suggestion } from '../../domain/nearest-name.ts'
import type { App } from '../request/type-provider.ts'
import { type ProblemType, prefersHtml, problemOf, statusOf } from '../schema/problem.ts'
import { closed, integerSchema, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, plainProblems, variesByAccept } from '../schema/schemas.ts'

/** The id in an example, which no request has. */
const noRequest = '00000000-0000-0000-0000-000000000000'

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorTitles, code)

const ProblemTypeSchema = Type.Object(
  {
    code: oneOfWords(Object.keys(errorTitles)),
    title: textSchema(200),
    status: integerSchema(400, 599),
    cause: textSchema(1000, 'Why it is answered'),
    remedy: textSchema(1000, 'What helps'),
    example: Type.Ref('Problem', { description: 'One such problem' })
  },
  { ...closed, title: 'ProblemType' }
)

/** The `type` of a problem links here. */
export function problemRoutes(app: App): void {
  app.get(
    '/problems/:code',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'getProblemType',
        summary: 'What an error code means',
        tags: ['service'],
        description: 'The `type` of a problem links here.',
        querystring: NoQuerySchema,
        params: Type.Object(
          {
            code: Type.String({
              maxLength: 300,
              description: 'The `code` of a problem',
              examples: ['time_out_of_range']
            })
          },
          closed
        ),
        response: {
          200: answerSchema('What the code means', ProblemTypeSchema, { Vary: variesByAccept }),
          ...plainProblems('unknown_parameter', 'not_found')
        }
      }
    },
    async (request, reply) => {
      const { code } = request.params
      if (!isCode(code))
        throw new PortolanError(
          'not_found',
          `There is no error code ${code}${suggestion(code, Object.keys(errorTitles))}`
        )
      const type = problemType(code, request.client.path)
      const { problemTypePage } = reply.server
      reply.header('cache-control', 'max-age=3600')
      if (problemTypePage) reply.header('vary', 'accept')
      if (!problemTypePage || !prefersHtml(request)) return reply.send(type)
      const { html, headers } = problemTypePage(request, type)
      return reply.headers(headers).type('text/html; charset=utf-8').send(html)
    }
  )
}

function problemType(code: ErrorCode, path: string): ProblemType {
  const { cause, remedy, example } = errorGuide[code]
  const problem = problemOf(new PortolanError(code, example.detail, example), noRequest, path)
  return { code, title: errorTitles[code], status: statusOf[code], cause, remedy, example: problem }
}
