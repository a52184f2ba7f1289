import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/**
 * The other baseline of `hot-reads`: a server of `node:http` that writes the same head and bytes as the service, and nothing else.
 * Arguments: port, a file with the body, the ETag, status and header fields of the answer as JSON.
 */
const [, , port, file = '', etag = '', status = '', fields = ''] = process.argv
const body = readFileSync(file)
const head: readonly string[] = JSON.parse(fields)
const code = Number(status)

createServer((request, response) => {
  if (code === 304 && request.headers['if-none-match'] === etag) {
    response.writeHead(304, [...head])
    response.end()
    return
  }
  response.writeHead(200, [...head])
  response.end(body)
}).listen(Number(port), '127.0.0.1')
