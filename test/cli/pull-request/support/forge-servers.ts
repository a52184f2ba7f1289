import type { Test } from 'tap'
import { type Answered, type Asked, demand, standIn } from '../../../examples/support/stand-in.ts'

export const token = 'gh0_a-token-that-nobody-may-see'
export const repository = 'net/firewall'

export interface Opened {
  readonly number: number
  title: string
  body: string
  head: string
  base: string
  state: 'open' | 'closed' | 'merged'
}

export interface ForgeServer {
  readonly api: string
  readonly requests: Opened[]
  /** Method and path of each request, in their order. */
  readonly log: string[]
}

type Server = (requests: Opened[], asked: Asked) => Answered

/** Servers that check requests by what the forges document, and keep what was opened. */
export const forgeServers = {
  github: (requests, { method, url, headers, body }) => {
    demand(headers.authorization === `Bearer ${token}`, 'GitHub wants the token as a bearer')
    demand(headers.accept === 'application/vnd.github+json', 'GitHub names its media type')
    demand(headers['x-github-api-version'] === '2022-11-28', 'GitHub wants the version of its API')
    demand(headers['user-agent'], 'GitHub refuses requests without User-Agent')
    const answerOf = (each: Opened) => ({
      number: each.number,
      html_url: `https://github.com/${repository}/pull/${each.number}`,
      state: each.state === 'open' ? 'open' : 'closed',
      merged_at: each.state === 'merged' ? '2018-10-02T00:00:00Z' : null,
      title: each.title
    })
    const path = `/repos/${repository}/pulls`
    if (method === 'GET') {
      demand(url.pathname === path, 'GET /repos/{owner}/{repo}/pulls')
      const [owner, head] = (url.searchParams.get('head') ?? '').split(/:(.*)/)
      demand(owner === 'net', 'head is user:ref-name')
      demand(['open', 'closed', 'all'].includes(url.searchParams.get('state') ?? ''), 'state')
      demand(url.searchParams.get('direction') === 'desc', 'the newest is first')
      const base = url.searchParams.get('base')
      const found = requests.filter((each) => each.head === head && each.base === base).reverse()
      return { status: 200, body: found.slice(0, Number(url.searchParams.get('per_page'))).map(answerOf) }
    }
    if (method === 'POST') {
      demand(url.pathname === path, 'POST /repos/{owner}/{repo}/pulls')
      return { status: 201, body: answerOf(open(requests, fieldsOf(body, ['title', 'body', 'head', 'base']))) }
    }
    demand(method === 'PATCH' && url.pathname.startsWith(`${path}/`), 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}')
    return { status: 200, body: answerOf(change(requests, url, fieldsOf(body, ['title', 'body']))) }
  },
  gitlab: (requests, { method, url, headers, body }) => {
    demand(headers['private-token'] === token, 'GitLab wants PRIVATE-TOKEN')
    const answerOf = (each: Opened) => ({
      iid: each.number,
      id: 1000 + each.number,
      web_url: `https://gitlab.example/${repository}/-/merge_requests/${each.number}`,
      state: each.state === 'open' ? 'opened' : each.state
    })
    const path = `/projects/${encodeURIComponent(repository)}/merge_requests`
    demand(url.pathname === path || url.pathname.startsWith(`${path}/`), 'the slash of a project is escaped')
    if (method === 'GET') {
      const query = Object.fromEntries(url.searchParams)
      const known = ['source_branch', 'target_branch', 'order_by', 'sort', 'per_page']
      demand(Object.keys(query).sort().join() === [...known].sort().join(), `parameters: ${Object.keys(query)}`)
      const found = requests.filter((each) => each.head === query.source_branch && each.base === query.target_branch)
      return { status: 200, body: found.reverse().slice(0, 1).map(answerOf) }
    }
    if (method === 'POST') {
      const fields = fieldsOf(body, ['source_branch', 'target_branch', 'title', 'description'])
      const { source_branch: head, target_branch: base, title, description } = fields
      return { status: 201, body: answerOf(open(requests, { head, base, title, body: description })) }
    }
    demand(method === 'PUT', 'a merge request is changed by PUT')
    const { title, description } = fieldsOf(body, ['title', 'description'])
    return { status: 200, body: answerOf(change(requests, url, { title, body: description })) }
  },
  gitea: (requests, { method, url, headers, body }) => {
    demand(headers.authorization === `token ${token}`, 'Gitea wants `token` before the token')
    const answerOf = (each: Opened) => ({
      number: each.number,
      html_url: `https://git.example/${repository}/pulls/${each.number}`,
      state: each.state === 'open' ? 'open' : 'closed',
      merged: each.state === 'merged',
      head: { ref: each.head, label: each.head },
      base: { ref: each.base, label: each.base }
    })
    const path = `/repos/${repository}/pulls`
    if (method === 'GET') {
      demand(url.pathname === path, 'GET /repos/{owner}/{repo}/pulls')
      const state = url.searchParams.get('state')
      const listed = requests.filter((each) => (each.state === 'open' ? 'open' : 'closed') === state).reverse()
      // Pages are shorter than they were asked for.
      const page = Number(url.searchParams.get('page'))
      return { status: 200, body: listed.slice(page - 1, page).map(answerOf) }
    }
    if (method === 'POST') {
      demand(url.pathname === path, 'POST /repos/{owner}/{repo}/pulls')
      return { status: 201, body: answerOf(open(requests, fieldsOf(body, ['title', 'body', 'head', 'base']))) }
    }
    demand(method === 'PATCH' && url.pathname.startsWith(`${path}/`), 'PATCH /repos/{owner}/{repo}/pulls/{index}')
    return { status: 201, body: answerOf(change(requests, url, fieldsOf(body, ['title', 'body']))) }
  }
} as const satisfies Readonly<Record<string, Server>>

export async function startForge(t: Test, server: Server): Promise<ForgeServer> {
  const requests: Opened[] = []
  const log: string[] = []
  const api = await standIn(t, (asked) => {
    log.push(`${asked.method} ${asked.url.pathname}`)
    return server(requests, asked)
  })
  return { api, requests, log }
}

function fieldsOf<const T extends string>(body: unknown, names: readonly T[]): Record<T, string> {
  demand(typeof body === 'object' && body !== null, 'the body is a JSON object')
  demand(Object.keys(body).sort().join() === [...names].sort().join(), `fields: ${Object.keys(body)}`)
  demand(
    Object.values(body).every((value) => typeof value === 'string' && value !== ''),
    'each field is a text'
  )
  // Its names and the type of each value were looked at.
  return body as Record<T, string>
}

function open(requests: Opened[], fields: Omit<Opened, 'number' | 'state'>): Opened {
  const isThere = requests.some((each) => each.state === 'open' && each.head === fields.head)
  demand(!isThere, 'a pull request already exists for this branch')
  const opened = { ...fields, number: requests.length + 1, state: 'open' as const }
  requests.push(opened)
  return opened
}

function change(requests: Opened[], url: URL, fields: Partial<Opened>): Opened {
  const opened = requests.find(({ number }) => String(number) === url.pathname.split('/').at(-1))
  demand(opened, 'no such request')
  return Object.assign(opened, fields)
}
