import { basename, dirname } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { findGraphiqlFiles } from './graphiql-files.ts'

/** The page may load its own scripts, the inline styles and fonts of the editor, and this service. No page may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** Its links are relative, since a proxy may serve it under a path. */
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Portolan: GraphQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="graphiql/graphiql.css">
<style>html, body, #page { height: 100%; margin: 0 }</style>
<div id="page"></div>
<script src="graphiql/react.js"></script>
<script src="graphiql/react-dom.js"></script>
<script src="graphiql/graphql-ws.js"></script>
<script src="graphiql/graphiql.js"></script>
<script src="graphiql/page.js"></script>
</html>
`

const example = `# Where a key is needed, name it under Headers:
# {"Authorization": "Bearer ptl_…"}
query Catalogues {
  catalogues(first: 5) {
    nodes {
      id
      title
      revision { number label publishedAt }
      timeline(first: 5) {
        nodes { at kind state summary }
      }
      requirements(first: 3) {
        totalCount
        nodes {
          key
          servicesText
          endpoints { kind value status until }
        }
      }
    }
  }
}

# First all events after a seq, then each new one as it comes.
subscription Log {
  events(after: 0) { seq type catalogue effectiveAt }
}
`

/** The page sends queries and mutations by POST, and each subscription over a WebSocket, whose first message names the key. */
const script = `const endpoint = new URL('graphql', location.href)
const socket = new URL(endpoint)
socket.protocol = socket.protocol.replace('http', 'ws')

function isSubscription({ operationName }, { documentAST }) {
  return (documentAST?.definitions ?? []).some(
    ({ operation, name }) => operation === 'subscription' && (!operationName || name?.value === operationName)
  )
}

async function fetcher(request, options) {
  const headers = options?.headers ?? {}
  if (isSubscription(request, options ?? {}))
    return graphqlWs.createClient({ url: socket.href, connectionParams: headers }).iterate(request)
  const body = JSON.stringify(request)
  return (await fetch(endpoint, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body })).json()
}

const element = React.createElement(GraphiQL, { fetcher, defaultQuery: ${JSON.stringify(example)} })
ReactDOM.createRoot(document.getElementById('page')).render(element)
`

/**
 * Serves `/graphiql`, a page on which people try operations out.
 * @throws PortolanError `not_ready` where a file that it loads is missing.
 */
export function graphiqlRoutes(app: FastifyInstance): void {
  const files = findGraphiqlFiles()
  void app.register(fastifyStatic, { serve: false })
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('content-security-policy', policy)
    done(null, payload)
  })
  const route = { config: { access: 'read' }, schema: { hide: true } } as const
  app.get('/graphiql', route, (_request, reply) => reply.type('text/html; charset=utf-8').send(page))
  app.get('/graphiql/page.js', route, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  for (const [name, path] of files)
    app.get(`/graphiql/${name}`, route, (_request, reply) =>
      reply.sendFile(basename(path), dirname(path), { maxAge: 3_600_000 })
    )
}
