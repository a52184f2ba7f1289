import Type, { type Static } from 'typebox'
import type { Branches, Forge, PullRequest } from './forge.ts'
import type { ForgeClient } from './forge-client.ts'

const BranchSchema = Type.Object({ ref: Type.String() })
const AnswerSchema = Type.Object({
  number: Type.Integer(),
  html_url: Type.String(),
  state: Type.String(),
  merged: Type.Boolean(),
  head: BranchSchema,
  base: BranchSchema
})
const ListSchema = Type.Array(AnswerSchema)

const pageSize = 50
/** Whoever has more requests than this on a page run removes the branch of ours after each merge. */
const mostPages = 200

/** The REST API of Gitea, which Forgejo has too. Its lists cannot be narrowed to a branch. https://docs.gitea.com/api */
export const giteaForge: Forge = {
  api: (host) => `https://${host}/api/v1`,
  headers: (token) => ({ accept: 'application/json', authorization: `token ${token}` }),
  async find(client, repository, branches) {
    const open = await newest(client, repository, branches, 'open')
    return open ?? newest(client, repository, branches, 'closed')
  },
  async open(client, repository, { head, base }, { title, body }) {
    return requestOf(await client.send(AnswerSchema, 'POST', `/repos/${repository}/pulls`, { title, body, head, base }))
  },
  async change(client, repository, number, { title, body }) {
    return requestOf(await client.send(AnswerSchema, 'PATCH', `/repos/${repository}/pulls/${number}`, { title, body }))
  }
}

/** The list begins with the newest. */
async function newest(
  client: ForgeClient,
  repository: string,
  { head, base }: Branches,
  state: 'open' | 'closed'
): Promise<PullRequest | undefined> {
  for (let page = 1; page <= mostPages; page += 1) {
    const query = { state, page: String(page), limit: String(pageSize) }
    const listed = await client.get(ListSchema, `/repos/${repository}/pulls`, query)
    const found = listed.find((each) => each.head.ref === head && each.base.ref === base)
    if (found) return requestOf(found)
    // A server may give shorter pages than it was asked for: only an empty one is the last.
    if (listed.length === 0) return undefined
  }
  return undefined
}

function requestOf({ number, html_url: url, state, merged }: Static<typeof AnswerSchema>): PullRequest {
  return { number, url, state: merged ? 'merged' : state === 'open' ? 'open' : 'closed' }
}
