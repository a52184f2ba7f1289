import { cidrsOf } from '../export/cidr.ts'
import { commentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { dataExpression } from '../export/list-expression.ts'
import { type BoundRole, boundRoles } from '../policy/bound-role.ts'
import { rulesData } from '../policy/rule-data.ts'
import { renderYaml } from '../yaml.ts'

export const ansible: PolicyFormat = {
  kind: 'policy',
  name: 'ansible',
  title: 'Ansible variables',
  description:
    'A file of variables for vars_files, group_vars or -e @FILE. Its one variable is named after the catalogue: portolan_ and the id, with __ for a full stop and ___ for a hyphen. Under a site roles has the addresses and names of each role that is bound, and of self.',
  mediaType: 'application/yaml',
  extension: 'yml',
  expression: dataExpression,
  aggregate: 'none',
  render
}

function render({ head, slices, own }: PolicyInput): string {
  const name = `portolan_${idName(head.id, 'word')}`
  return `---\n${commentLines(head.lines, '#')}${renderYaml({ [name]: { ...rulesData(head, slices), ...rolesOf(boundRoles(slices, own)) } })}`
}

function rolesOf(roles: readonly BoundRole[]): object {
  if (roles.length === 0) return {}
  const fields = roles.map(({ name, entries }) => [
    name,
    {
      ipv4_cidrs: cidrsOf(entries, 'ipv4').map(({ cidr }) => cidr),
      ipv6_cidrs: cidrsOf(entries, 'ipv6').map(({ cidr }) => cidr),
      hostnames: entries.flatMap(({ target }) => (target.kind === 'host' ? [target.value] : []))
    }
  ])
  return { roles: Object.fromEntries(fields) }
}
