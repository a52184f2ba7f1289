import Type, { type Static } from 'typebox'
import type { Forge, PullRequest } from './forge.ts'

const AnswerSchema = Type.Object({
  number: Type.Integer(),
  html_url: Type.String(),
  state: Type.String(),
  merged_at: Type.Optional(Type.Union([Type.String(), Type.Null()]))
})
const ListSchema = Type.Array(AnswerSchema)

/** The REST API of GitHub, version 2022-11-28. https://docs.github.com/en/rest/pulls/pulls */
export const githubForge: Forge = {
  api: (host) => (host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`),
  headers: (token) => ({
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'x-github-api-version': '2022-11-28'
  }),
  async find(client, repository, { head, base }) {
    const [owner] = repository.split('/')
    const query = { state: 'all', head: `${owner}:${head}`, base, sort: 'created', direction: 'desc', per_page: '1' }
    const [newest] = await client.get(ListSchema, `/repos/${repository}/pulls`, query)
    return newest && requestOf(newest)
  },
  async open(client, repository, { head, base }, { title, body }) {
    return requestOf(await client.send(AnswerSchema, 'POST', `/repos/${repository}/pulls`, { title, body, head, base }))
  },
  async change(client, repository, number, { title, body }) {
    return requestOf(await client.send(AnswerSchema, 'PATCH', `/repos/${repository}/pulls/${number}`, { title, body }))
  }
}

function requestOf({ number, html_url: url, state, merged_at: mergedAt }: Static<typeof AnswerSchema>): PullRequest {
  if (typeof mergedAt === 'string') return { number, url, state: 'merged' }
  return { number, url, state: state === 'open' ? 'open' : 'closed' }
}
