import { stringifySetCookie } from 'cookie'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import { keyCookie } from '../../http/request/auth.ts'
import type { App } from '../../http/request/type-provider.ts'
import { closed } from '../../http/schema/schema-words.ts'
import type { SignInContext } from '../frame/page.ts'

const SignInSchema = Type.Object(
  { key: Type.Optional(Type.String({ maxLength: 200 })), next: Type.Optional(Type.String({ maxLength: 20_000 })) },
  closed
)

/** A cookie that ends with the browser's session, and that no script and no other site can use. */
const cookie = { secure: true, httpOnly: true, sameSite: 'strict', path: '/' } as const

/** Takes the key of a reader into a cookie, and out of it. */
export function signInRoutes(app: App, { gate }: SignInContext): void {
  app.post(
    '/sign-in',
    {
      config: { access: 'anyone', isForm: true },
      schema: { body: SignInSchema },
      preValidation: async (request) => {
        request.body ??= {}
      }
    },
    async (request, reply) => {
      const { next = '' } = request.body
      const key = request.body.key?.trim() ?? ''
      if (key === '') throw new PortolanError('unauthorized', 'Enter a key.')
      const authorization = `Bearer ${key}`
      await gate.learn(authorization)
      gate.admit('read', authorization, request.client.address)
      return seeOther(reply, pathWithin(next, request.client.path)).header(
        'set-cookie',
        stringifySetCookie(keyCookie, key, cookie)
      )
    }
  )

  app.post('/sign-out', { config: { access: 'anyone', isForm: true } }, async (request, reply) =>
    seeOther(reply, `${request.client.path}/`).header(
      'set-cookie',
      stringifySetCookie(keyCookie, '', { ...cookie, maxAge: 0 })
    )
  )
}

function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(path, 303)
}

/** A path on this host; anything else leads to the first page. */
function pathWithin(next: string, prefix: string): string {
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : `${prefix}/`
}
