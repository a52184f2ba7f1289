import Type, { type Static } from 'typebox'
import type { Forge, PullRequest } from './forge.ts'

const AnswerSchema = Type.Object({ iid: Type.Integer(), web_url: Type.String(), state: Type.String() })
const ListSchema = Type.Array(AnswerSchema)

/** Merge requests of GitLab. The slashes of a project are escaped. https://docs.gitlab.com/api/merge_requests/ */
export const gitlabForge: Forge = {
  api: (host) => `https://${host}/api/v4`,
  headers: (token) => ({ 'private-token': token }),
  async find(client, repository, { head, base }) {
    const query = { source_branch: head, target_branch: base, order_by: 'created_at', sort: 'desc', per_page: '1' }
    const [newest] = await client.get(ListSchema, pathOf(repository), query)
    return newest && requestOf(newest)
  },
  async open(client, repository, { head, base }, { title, body }) {
    const fields = { source_branch: head, target_branch: base, title, description: body }
    return requestOf(await client.send(AnswerSchema, 'POST', pathOf(repository), fields))
  },
  async change(client, repository, number, { title, body }) {
    return requestOf(
      await client.send(AnswerSchema, 'PUT', `${pathOf(repository)}/${number}`, { title, description: body })
    )
  }
}

function pathOf(repository: string): string {
  return `/projects/${encodeURIComponent(repository)}/merge_requests`
}

function requestOf({ iid: number, web_url: url, state }: Static<typeof AnswerSchema>): PullRequest {
  if (state === 'merged') return { number, url, state }
  // It is `locked` while it is merged.
  return { number, url, state: state === 'opened' || state === 'locked' ? 'open' : 'closed' }
}
