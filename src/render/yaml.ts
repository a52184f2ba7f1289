import { stringify } from 'yaml'

/** YAML 1.2 in block style, without anchors, and with everything quoted that YAML 1.1 readers would take for something else. */
export function renderYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 120, compat: 'yaml-1.1' })
}
