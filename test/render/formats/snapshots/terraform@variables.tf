terraform {
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
    egress = list(object({
      name             = string
      protocol         = string
      from_port        = optional(number)
      to_port          = optional(number)
      source_from_port = optional(number)
      source_to_port   = optional(number)
      icmp_type        = optional(number)
      icmp_code        = optional(number)
      ipv4_cidrs       = list(string)
      ipv6_cidrs       = list(string)
      hostnames        = list(string)
      subdomains_of    = list(string)
    }))
    ingress = list(object({
      name             = string
      protocol         = string
      from_port        = optional(number)
      to_port          = optional(number)
      source_from_port = optional(number)
      source_to_port   = optional(number)
      icmp_type        = optional(number)
      icmp_code        = optional(number)
      ipv4_cidrs       = list(string)
      ipv6_cidrs       = list(string)
      hostnames        = list(string)
      subdomains_of    = list(string)
    }))
  })

  validation {
    condition = alltrue([
      for rules in [var.portolan.egress, var.portolan.ingress] :
      length(distinct(rules[*].name)) == length(rules)
    ])
    error_message = "Names are unique among egress, and among ingress."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      contains(["tcp", "udp", "sctp", "icmp", "any", "dccp", "icmpv6", "igmp", "gre", "esp", "ah", "ipip", "ospf", "vrrp"], rule.protocol) || can(regex("^[0-9]{1,3}$", rule.protocol))
    ])
    error_message = "Each protocol is one of tcp, udp, sctp, icmp, any, dccp, icmpv6, igmp, gre, esp, ah, ipip, ospf, vrrp, or a number of IANA."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      alltrue([
        for ports in [[rule.from_port, rule.to_port], [rule.source_from_port, rule.source_to_port]] :
        ports[0] == null && ports[1] == null || try(ports[0] >= 1 && ports[0] <= ports[1] && ports[1] <= 65535 && floor(ports[0]) == ports[0] && floor(ports[1]) == ports[1], false)
      ])
    ])
    error_message = "Ports are whole numbers from 1 to 65535. A range has both ends or none, and its first port is not above its last."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      alltrue([for number in [rule.icmp_type, rule.icmp_code] : number == null || try(number >= 0 && number <= 255, false)])
    ])
    error_message = "Types and codes of ICMP are numbers from 0 to 255."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      alltrue([for cidr in rule.ipv4_cidrs : can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])
    ])
    error_message = "Each of ipv4_cidrs is an IPv4 network with the length of its prefix and without host bits."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      alltrue([for cidr in rule.ipv6_cidrs : can(regex(":", cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])
    ])
    error_message = "Each of ipv6_cidrs is an IPv6 network with the length of its prefix and without host bits."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      alltrue([for host in concat(rule.hostnames, rule.subdomains_of) : can(regex("^[0-9a-z_]([0-9a-z_-]*[0-9a-z_])?([.][0-9a-z_]([0-9a-z_-]*[0-9a-z_])?)*$", host))])
    ])
    error_message = "Host names are in lower case, without scheme, port, path and asterisk."
  }

  validation {
    condition = alltrue([
      for rule in concat(var.portolan.egress, var.portolan.ingress) :
      length(concat(rule.ipv4_cidrs, rule.ipv6_cidrs, rule.hostnames, rule.subdomains_of)) > 0
    ])
    error_message = "Each rule names a destination: for some providers a rule without one is for every destination."
  }
}
