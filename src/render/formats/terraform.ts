import { transportNames } from '../../domain/network/protocol.ts'
import type { ExportFile, PolicyFormat, PolicyInput } from '../export/format.ts'
import { dataExpression } from '../export/list-expression.ts'
import { rulesData } from '../policy/rule-data.ts'

const values = 'portolan.auto.tfvars.json'
const declaration = 'variables.tf'

export const terraform: PolicyFormat = {
  kind: 'policy',
  name: 'terraform',
  title: 'Terraform and OpenTofu variables',
  description:
    'A variable named portolan, and the file that declares it and checks every value at plan time. Put both files into a module; rules of any provider are made from portolan.egress and portolan.ingress.',
  mediaType: 'application/json',
  extension: 'json',
  parts: [values, declaration],
  expression: dataExpression,
  aggregate: 'none',
  render
}

function render({ head, slices }: PolicyInput): readonly ExportFile[] {
  return [
    {
      part: values,
      name: values,
      mediaType: 'application/json',
      content: `${JSON.stringify({ portolan: rulesData(head, slices) }, undefined, 2)}\n`
    },
    {
      part: declaration,
      name: declaration,
      mediaType: 'text/plain; charset=utf-8',
      content: variablesText(head.isOfSite === true)
    }
  ]
}

const ruleType = (further: string) => `object({
      name             = string
      protocol         = string
      from_port        = optional(number)
      to_port          = optional(number)
      source_from_port = optional(number)
      source_to_port   = optional(number)
      icmp_type        = optional(number)
      icmp_code        = optional(number)${further}
      ipv4_cidrs       = list(string)
      ipv6_cidrs       = list(string)
      hostnames        = list(string)
      subdomains_of    = list(string)
    })`

/** Conditions that every `rule` of both directions must meet, and what Terraform reports otherwise. */
const checks: readonly (readonly [condition: string, message: string])[] = [
  [
    `contains([${transportNames.map((name) => `"${name}"`).join(', ')}], rule.protocol) || can(regex("^[0-9]{1,3}$", rule.protocol))`,
    `Each protocol is one of ${transportNames.join(', ')}, or a number of IANA.`
  ],
  [
    `alltrue([
        for ports in [[rule.from_port, rule.to_port], [rule.source_from_port, rule.source_to_port]] :
        ports[0] == null && ports[1] == null || try(ports[0] >= 1 && ports[0] <= ports[1] && ports[1] <= 65535 && floor(ports[0]) == ports[0] && floor(ports[1]) == ports[1], false)
      ])`,
    'Ports are whole numbers from 1 to 65535. A range has both ends or none, and its first port is not above its last.'
  ],
  [
    'alltrue([for number in [rule.icmp_type, rule.icmp_code] : number == null || try(number >= 0 && number <= 255, false)])',
    'Types and codes of ICMP are numbers from 0 to 255.'
  ],
  [
    'alltrue([for cidr in rule.ipv4_cidrs : can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])',
    'Each of ipv4_cidrs is an IPv4 network with the length of its prefix and without host bits.'
  ],
  [
    'alltrue([for cidr in rule.ipv6_cidrs : can(regex(":", cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])',
    'Each of ipv6_cidrs is an IPv6 network with the length of its prefix and without host bits.'
  ],
  [
    'alltrue([for host in concat(rule.hostnames, rule.subdomains_of) : can(regex("^[0-9a-z_]([0-9a-z_-]*[0-9a-z_])?([.][0-9a-z_]([0-9a-z_-]*[0-9a-z_])?)*$", host))])',
    'Host names are in lower case, without scheme, port, path and asterisk.'
  ],
  [
    'length(concat(rule.ipv4_cidrs, rule.ipv6_cidrs, rule.hostnames, rule.subdomains_of)) > 0',
    'Each rule names a destination: for some providers a rule without one is for every destination.'
  ]
]

/** Of a site: the product's own end. */
const ownFields = `
      sources          = optional(list(string))
      source_hostnames = optional(list(string))`
const ownCheck = [
  'alltrue([for cidr in coalesce(rule.sources, []) : try(cidrsubnet(cidr, 0, 0) == cidr, false)])',
  'Each of sources is a network with the length of its prefix and without host bits.'
] as const

const validation = ([condition, message]: readonly [condition: string, message: string]) => `
  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      ${condition}
    ])
    error_message = "${message}"
  }
`

function variablesText(isOfSite: boolean): string {
  const rule = ruleType(isOfSite ? ownFields : '')
  const validations = (isOfSite ? [...checks, ownCheck] : checks).map(validation)
  return `terraform {
  required_version = ">= 1.3"
}

variable "portolan" {
  description = "What a product needs from the network, as Portolan publishes it. Without ports: all ports."

  type = object({
    catalogue   = string
    revision    = number
    digest      = string
    valid_from  = optional(string)
    valid_until = optional(string)
    egress = list(${rule})
    ingress = list(${rule})
  })

  validation {
    condition = alltrue([
      for rules in [var.portolan.egress, var.portolan.ingress] :
      length(distinct(rules[*].name)) == length(rules)
    ])
    error_message = "Names are unique among egress, and among ingress."
  }
${validations.join('')}}
`
}
