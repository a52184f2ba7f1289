import { commentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { dataExpression } from '../export/list-expression.ts'
import { rulesData } from '../policy/rule-data.ts'
import { renderYaml } from '../yaml.ts'

export const ansible: PolicyFormat = {
  kind: 'policy',
  name: 'ansible',
  title: 'Ansible variables',
  description:
    'A file of variables for vars_files, group_vars or -e @FILE. Its one variable is named after the catalogue: portolan_ and the id, with __ for a full stop and ___ for a hyphen.',
  mediaType: 'application/yaml',
  extension: 'yml',
  expression: dataExpression,
  aggregate: 'none',
  render
}

function render({ head, slices }: PolicyInput): string {
  const name = `portolan_${idName(head.id, 'word')}`
  return `---\n${commentLines(head.lines, '#')}${renderYaml({ [name]: rulesData(head, slices) })}`
}
