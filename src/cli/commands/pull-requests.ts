import { type Command, Option } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { withBackend } from '../backend/open-backend.ts'
import type { Branches, PullRequest, PullRequestText } from '../pull-request/forge.ts'
import { accessForge, type ForgeAccess, type ForgeOptions, forgeNames } from '../pull-request/forges.ts'
import { type Proposal, type ProposalQuestion, proposalOf } from '../pull-request/proposal.ts'
import { WorkTree } from '../pull-request/work-tree.ts'
import { readWrittenFile, type WrittenFile } from '../pull-request/written-file.ts'
import { readInstantArgument } from '../shell/clock-options.ts'
import { addFilters } from '../shell/filter-options.ts'
import type { Shell } from '../shell/shell.ts'

interface GitOptions {
  readonly workTree: string
  readonly base?: string
  readonly branch?: string
  readonly remote: string
  readonly push?: boolean
}

type PullRequestOptions = GitOptions &
  ForgeOptions &
  ProposalQuestion['query'] & { readonly write: readonly WrittenFile[]; readonly until?: Instant }

export function pullRequestCommand(program: Command, shell: Shell): void {
  addFilters(program.command('pull-request'))
    .description('Commits the steps of a change pack to a branch, as files of exports, and proposes it at a forge.')
    .argument('<id>', 'id of the catalogue')
    .addOption(
      new Option(
        '--write <path=format>',
        'a file and its export, such as out.txt=plain-ip?slice=out-tcp-80; may be repeated'
      )
        .argParser((text: string, files: readonly WrittenFile[] = []) => [...files, readWrittenFile(text)])
        .makeOptionMandatory()
    )
    .option('--from <revision>', 'the earlier revision: 1, label:2.3, or an instant; it stands with --to')
    .option('--to <revision>', 'the later revision, as --from')
    .option('--at <instant>', 'one transition of the newest revision')
    .option('--since <tag>', 'the ETag of what was loaded last, or a seq: the work from there to now')
    .option('--lead <duration>', 'open what is planned so much earlier, such as P7D')
    .addOption(
      new Option('--until <instant>', 'only what is due by this instant: what is merged is in force').argParser(
        readInstantArgument
      )
    )
    .option('--work-tree <folder>', 'checkout to commit in', '.')
    .option('--base <branch>', 'branch to start from, and to merge into (default: the one that is checked out)')
    .option('--branch <name>', 'branch to make (default: portolan/ and the id of the pack)')
    .option('--remote <name>', 'remote to push to', 'origin')
    .option('--push', 'push the branch, and open its request or change the one that is open')
    .addOption(
      new Option('--forge <forge>', 'kind of the forge (default: by the host of the remote)').choices(forgeNames)
    )
    .option('--repository <owner/name>', 'repository at the forge (default: by the URL of the remote)')
    .option('--api <url>', 'base URL of the API of the forge (default: by the host of the remote)')
    .option('--token-variable <name>', 'variable with the token for the API (default: GITHUB_TOKEN and so on)')
    .option('--token-file <file>', 'file with the token, in place of a variable')
    .addHelpText(
      'after',
      '\nExample:\n  $ portolan pull-request clearswift-exchange-gateway-4.8 --from 1 --to 2 --write portolan.nft=nftables --push'
    )
    .action(async (id: string, options: PullRequestOptions, command: Command) => {
      const { write, until, workTree, base, branch, remote, push, ...others } = options
      const { forge, repository, api, tokenVariable, tokenFile, ...query } = others
      const { insecure } = command.optsWithGlobals<ForgeOptions>()
      const access = withoutUndefined({ forge, repository, api, tokenVariable, tokenFile, insecure })
      const git = withoutUndefined({ workTree, base, branch, remote, push })
      await withBackend(shell, command, 'existing', async (backend) => {
        const question = withoutUndefined({ catalogue: id, query, files: write, until })
        await propose(shell, await proposalOf(backend, question), git, access)
      })
    })
}

/** Commits what is proposed, and, if that is asked for, pushes it and opens its request. */
async function propose(shell: Shell, proposal: Proposal, git: GitOptions, options: ForgeOptions): Promise<void> {
  const { stages, packId, text } = proposal
  const tree = await WorkTree.open(git.workTree, shell.io.environment)
  const base = git.base ?? (await tree.currentBranch())
  const head = git.branch ?? `portolan/${packId}`
  if (base === head)
    throw new PortolanError(
      'invalid_parameter',
      `${head} cannot be merged into itself: name the branch to start from by --base.`
    )
  // What is wrong with the forge or the token is said before anything is written.
  const access = git.push ? await accessForge(options, await tree.urlOf(git.remote), shell.io.environment) : undefined
  const known = await access?.forge.find(access.client, access.repository, { head, base })
  if (known?.state === 'closed')
    return shell.print(`${known.url} was closed without being merged: nothing is proposed again.`)
  const start = await tree.startOf(base, git.remote)
  await tree.requireClean([...new Set(stages.flatMap(({ files }) => [...files.keys()]))])
  await tree.startBranch(head, start)
  const count = await commitStages(shell, tree, stages)
  if (count === 0) return shell.print(`${base} has everything already.`)
  shell.print(`${head}: ${count} ${count === 1 ? 'commit' : 'commits'} on ${base}`)
  if (!access) return
  await tree.push(head, git.remote, start)
  const { url } = await requestFor(access, known, { head, base }, text)
  shell.print(`${known?.state === 'open' ? 'changed' : 'opened'}: ${url}`)
}

/** Commits each stage. What the branch that it starts from has already is not done again: its last stage, and those before. */
async function commitStages(shell: Shell, tree: WorkTree, stages: Proposal['stages']): Promise<number> {
  const held = await Promise.all(stages.map(({ files }) => tree.holds(files)))
  let count = 0
  for (const { instant, message, files } of stages.slice(held.lastIndexOf(true) + 1)) {
    const isChanged = await tree.commit({ message, files })
    if (isChanged) count += 1
    shell.print(`${formatInstant(instant)}  ${isChanged ? message.split('\n', 1)[0] : 'changes none of the files'}`)
  }
  return count
}

/** A request that was merged is done: what is due later has one of its own. */
function requestFor(
  { forge, client, repository }: ForgeAccess,
  known: PullRequest | undefined,
  branches: Branches,
  text: PullRequestText
): Promise<PullRequest> {
  if (known?.state === 'open') return forge.change(client, repository, known.number, text)
  return forge.open(client, repository, branches, text)
}
