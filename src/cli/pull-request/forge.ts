import { PortolanError } from '../../domain/errors.ts'
import type { ForgeClient } from './forge-client.ts'

/** A pull request, or what a forge calls so. */
export interface PullRequest {
  /** Its number in the repository. */
  readonly number: number
  readonly url: string
  readonly state: 'open' | 'closed' | 'merged'
}

/** Which branch is to be merged into which. */
export interface Branches {
  readonly head: string
  readonly base: string
}

export interface PullRequestText {
  readonly title: string
  readonly body: string
}

/** What a forge does for a repository, by its REST API. */
export interface Forge {
  /** Header fields of each request. */
  readonly headers: (token: string) => Readonly<Record<string, string>>
  /** The base of the API of a host, without a slash at the end. */
  readonly api: (host: string) => string
  /** The newest request with these branches, whatever became of it; undefined where there is none. */
  readonly find: (client: ForgeClient, repository: string, branches: Branches) => Promise<PullRequest | undefined>
  readonly open: (
    client: ForgeClient,
    repository: string,
    branches: Branches,
    text: PullRequestText
  ) => Promise<PullRequest>
  readonly change: (
    client: ForgeClient,
    repository: string,
    number: number,
    text: PullRequestText
  ) => Promise<PullRequest>
}

/** Where a repository is: `https://HOST/OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME`, `git@HOST:OWNER/NAME.git`. */
export interface ForgePlace {
  readonly host: string
  readonly repository: string
}

/** @returns undefined where the URL of a remote names no host, such as a folder */
export function forgePlaceOf(url: string): ForgePlace | undefined {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([^/]+)\/(.+)$/.exec(url) ??
    /^(?:[^/@:]+@)?([^/:@]+):(?!\/\/)(.+)$/.exec(url) ??
    []
  if (host === undefined || path === undefined) return undefined
  const isShell = !/^https?:/.test(url)
  return {
    host: isShell ? host.replace(/:\d+$/, '') : host,
    repository: path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  }
}

/** @throws PortolanError `invalid_parameter` where a repository is not named `OWNER/NAME` */
export function requireRepository(repository: string): string {
  if (/^[\w.-]+(?:\/[\w.-]+)+$/.test(repository) && !repository.split('/').some((part) => /^\.+$/.test(part)))
    return repository
  throw new PortolanError('invalid_parameter', `${repository} must be OWNER/NAME, as the forge has it.`)
}
