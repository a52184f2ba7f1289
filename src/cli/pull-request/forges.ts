import { readFile } from 'node:fs/promises'
import { PortolanError } from '../../domain/errors.ts'
import { type Forge, type ForgePlace, forgePlaceOf, requireRepository } from './forge.ts'
import { ForgeClient } from './forge-client.ts'
import { giteaForge } from './gitea-requests.ts'
import { githubForge } from './github-requests.ts'
import { gitlabForge } from './gitlab-requests.ts'

/** The one table of forges, each with the variable that its own tools read a token from. */
const forges = {
  github: { forge: githubForge, host: 'github.com', variable: 'GITHUB_TOKEN' },
  gitlab: { forge: gitlabForge, host: 'gitlab.com', variable: 'GITLAB_TOKEN' },
  gitea: { forge: giteaForge, host: 'codeberg.org', variable: 'GITEA_TOKEN' }
} as const satisfies Readonly<
  Record<string, { readonly forge: Forge; readonly host: string; readonly variable: string }>
>

export type ForgeName = keyof typeof forges
// The names of the table, which the type of its keys says and the standard library forgets.
export const forgeNames = Object.keys(forges) as readonly ForgeName[]

export interface ForgeOptions {
  readonly forge?: ForgeName
  readonly repository?: string
  readonly api?: string
  readonly tokenVariable?: string
  readonly tokenFile?: string
  readonly insecure?: boolean
}

/** A repository at a forge, and who asks there. */
export interface ForgeAccess {
  readonly forge: Forge
  readonly client: ForgeClient
  readonly repository: string
}

/**
 * The forge that is named, or else the one that the URL of the remote leads to.
 * @throws PortolanError `invalid_parameter` where it cannot be told which, or there is no token
 */
export async function accessForge(
  options: ForgeOptions,
  remote: string,
  environment: Readonly<Record<string, string | undefined>>
): Promise<ForgeAccess> {
  const place = forgePlaceOf(remote)
  const name = options.forge ?? forgeNames.find((each) => forges[each].host === place?.host)
  if (name === undefined)
    throw new PortolanError(
      'invalid_parameter',
      `The remote does not tell which forge it is: give --forge ${forgeNames.join('|')}.`
    )
  const { forge, variable } = forges[name]
  const token = await tokenOf(options, variable, environment)
  const base = options.api ?? forge.api(required(place, '--api').host)
  return {
    forge,
    client: new ForgeClient(base.replace(/\/+$/, ''), forge.headers(token), options.insecure === true),
    repository: requireRepository(options.repository ?? required(place, '--repository').repository)
  }
}

function required(place: ForgePlace | undefined, option: string): ForgePlace {
  if (place) return place
  throw new PortolanError('invalid_parameter', `The URL of the remote names no host: give ${option}.`)
}

async function tokenOf(
  { tokenVariable, tokenFile }: ForgeOptions,
  usual: string,
  environment: Readonly<Record<string, string | undefined>>
): Promise<string> {
  const variable = tokenVariable ?? usual
  const token = (tokenFile === undefined ? environment[variable] : await readToken(tokenFile))?.trim() ?? ''
  // What is no text of a header field would be quoted in an error.
  if (/^[\x21-\x7e]+$/.test(token)) return token
  const where = tokenFile === undefined ? `the variable ${variable}` : tokenFile
  throw new PortolanError('invalid_parameter', `There is no token in ${where}: see --token-variable and --token-file.`)
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new PortolanError(
      'invalid_parameter',
      `The token cannot be read: ${error instanceof Error ? error.message : error}.`
    )
  }
}
