# The values that refresh.sh fetched, in the form of cloud rules: one for each range and network. Use local.egress as
# the for_each of a resource of your provider; a key stays the same as long as its rule does.

locals {
  egress = merge([
    for rule in var.portolan.egress : {
      for cidr in concat(rule.ipv4_cidrs, rule.ipv6_cidrs) : "${rule.name} ${cidr}" => {
        protocol  = rule.protocol
        from_port = rule.from_port
        to_port   = rule.to_port
        cidr      = cidr
        is_ipv6   = contains(rule.ipv6_cidrs, cidr)
      }
    }
  ]...)
}

output "egress" {
  value = local.egress

  precondition {
    condition     = var.portolan.valid_until == null || try(timecmp(var.portolan.valid_until, plantimestamp()) > 0, true)
    error_message = "These values held until ${coalesce(var.portolan.valid_until, "now")}: fetch them again."
  }
}

output "hostnames" {
  description = "What a firewall that knows names needs, beside the networks."
  value       = { for rule in var.portolan.egress : rule.name => rule.hostnames if length(rule.hostnames) > 0 }
}
